//! What of the drafts is of the site and not of the story: lines that are furniture, headlines under 関連記事, the foot.

use rouei_model::BlockKind;

use crate::builder::Builder;
use crate::furniture::{self, Line};

impl Builder {
    /// Lines that are furniture by themselves, and the headlines under a heading such as 関連記事.
    pub(crate) fn drop_furniture(&mut self) {
        let plain = |kind: &BlockKind| {
            matches!(kind, BlockKind::Paragraph | BlockKind::Heading { .. } | BlockKind::ListItem { .. })
        };
        let mut at = 0;
        let mut told = false;
        while at < self.drafts.len() {
            let draft = &self.drafts[at];
            let counter = draft.kind == BlockKind::Key
                && self.drafts.get(at + 1).is_some_and(|value| {
                    matches!(value.kind, BlockKind::Value { .. })
                        && furniture::meta(&format!("{}：{}", draft.text, value.text))
                            .is_some_and(|days| days.is_empty())
                });
            if draft.kind == BlockKind::Key
                && (counter
                    || furniture::is_related(&draft.text)
                    || furniture::is_key(&draft.text)
                    || told && furniture::is_label(&draft.text))
            {
                // ページID：123　更新日：2026年3月4日　印刷
                let days = self
                    .drafts
                    .get(at + 1)
                    .and_then(|value| furniture::meta(&format!("{}：{}", self.drafts[at].text, value.text)))
                    .filter(|days| !days.is_empty());
                match days {
                    Some(days) if !furniture::is_related(&self.drafts[at].text) => {
                        self.drafts[at].kind = BlockKind::Paragraph;
                        self.drafts[at].text = days;
                    }
                    _ => self.drafts[at].dropped = true,
                }
                at += 1;
                while self.drafts.get(at).is_some_and(|d| matches!(d.kind, BlockKind::Value { .. })) {
                    self.drafts[at].dropped = true;
                    at += 1;
                }
                continue;
            }
            if !plain(&draft.kind) {
                at += 1;
                continue;
            }
            // 前の記事 stands over a headline behind the text, and before the text over none.
            let heads = told
                && furniture::is_related(&draft.text)
                && draft.text.chars().count() <= 12
                && at + 1 < self.drafts.len()
                && self.is_related(at + 1);
            let lines: Vec<Line<'_>> = draft.text.split('\n').map(Line::of).collect();
            if !heads && lines.iter().all(|l| is_furniture(l, told) || l.is_related_line() && !l.text().contains('。'))
            {
                self.drafts[at].dropped = true;
                at += 1;
                continue;
            }
            // → leads to another page, and so does 【図解】.
            let leads = draft.linked && draft.text.starts_with(['→', '▶', '►', '▷', '⇒', '≫', '☞']);
            if told && (leads && !is_attachment(&draft.text) || furniture::is_labelled_headline(&draft.text)) {
                self.drafts[at].dropped = true;
                at += 1;
                continue;
            }
            let told_before = told;
            told |= draft.text.contains('。');
            // 関連記事 may stand over its headlines in one paragraph.
            let nothing = |lines: &[Line<'_>]| lines.iter().all(|l| l.text().is_empty()) && lines.len() < 2;
            let follow = lines.len() > 2 || self.is_related(at + 1) && self.is_related(at + 2);
            let heading = lines[0].is_heading() || told_before && follow && lines[0].is_heading_behind();
            if heading && (nothing(&lines[1..]) || lines[1..].iter().all(|l| is_headline(l.text()))) {
                let mut end = at + 1;
                if !matches!(draft.kind, BlockKind::ListItem { .. }) {
                    while end < self.drafts.len() && self.is_related(end) {
                        end += 1;
                    }
                }
                self.drafts[at..end].iter_mut().for_each(|d| d.dropped = true);
                at = end;
                continue;
            }
            // … or in the middle of one, with its headlines behind it.
            let says = draft.text.find('。');
            let cut = (1..).zip(draft.text.match_indices('\n')).find(|&(head, (end, _))| {
                let behind = || head + 2 < lines.len() && says.is_some_and(|says| says < end);
                (lines[head].is_heading() || behind() && lines[head].is_heading_behind())
                    && !nothing(&lines[head + 1..])
                    && lines[head + 1..]
                        .iter()
                        .all(|l| is_headline(l.text()) || told_before && (l.is_related() || is_furniture(l, true)))
            });
            if let (Some((_, (cut, _))), BlockKind::Paragraph) = (cut, &draft.kind) {
                self.drafts[at].text.truncate(cut);
                continue;
            }
            if matches!(draft.kind, BlockKind::Paragraph) {
                let kept: Vec<&str> = lines
                    .iter()
                    .filter(|l| {
                        !(is_furniture_line(l, told_before)
                            || told_before && l.is_related_line() && !l.text().contains('。'))
                    })
                    .filter_map(|l| match l.meta() {
                        Some(days) => (!days.is_empty()).then_some(days),
                        None => Some(l.text()),
                    })
                    .collect();
                let kept = kept.join("\n");
                drop(lines);
                self.drafts[at].text = kept;
                self.drafts[at].dropped |= self.drafts[at].text.is_empty();
            }
            at += 1;
        }
    }

    /// Paragraphs behind the text that are links and nothing else lead to other articles, even if no heading says so.
    pub(crate) fn drop_trailing_links(&mut self) {
        let prose: usize =
            self.drafts.iter().filter(|d| !d.dropped && d.text.contains('。')).map(|d| d.text.len()).sum();
        let Some(last) = self.drafts.iter().rposition(|d| !d.dropped && d.text.contains('。')) else { return };
        if prose < 300 {
            return;
        }
        let mut at = last + 1;
        while at < self.drafts.len() {
            let run = self.drafts[at..].iter().take_while(|d| d.linked || d.dropped).count();
            let links = self.drafts[at..at + run].iter().filter(|d| d.linked && !d.dropped);
            let headlines = links.filter(|d| d.text.chars().count() >= 10 && !is_attachment(&d.text)).count();
            let announced =
                matches!(self.drafts[at - 1].kind, BlockKind::Heading { .. }) && !self.drafts[at - 1].dropped;
            if headlines >= 2 && !announced {
                self.drafts[at..at + run].iter_mut().filter(|d| !is_attachment(&d.text)).for_each(|d| d.dropped = true);
            }
            at += run.max(1);
        }
    }

    /// A headline that is the first words of the text, cut off with `…`, says nothing more than they do.
    pub(crate) fn drop_cut_title(&mut self) {
        let kept: Vec<usize> = (0..self.drafts.len()).filter(|&i| !self.drafts[i].dropped).take(8).collect();
        for (n, &at) in kept.iter().enumerate() {
            let Some(words) = self.drafts[at].text.strip_suffix('…').or(self.drafts[at].text.strip_suffix("..."))
            else {
                continue;
            };
            let words = words.trim_end_matches('…');
            let follows =
                |&&i: &&usize| self.drafts[i].text.len() > words.len() + 10 && self.drafts[i].text.starts_with(words);
            if words.chars().count() >= 8 && kept[n + 1..].iter().any(|i| follows(&i)) {
                self.drafts[at].dropped = true;
            }
        }
    }

    /// 最終更新日 at the foot of a page, behind all that it says, is the day on which somebody last touched it.
    pub(crate) fn drop_foot(&mut self) {
        let Some(last) = self.drafts.iter().rposition(|d| !d.dropped && d.text.contains('。')) else { return };
        let touched = |text: &str| {
            let text = text.trim_start_matches(['(', '（', '[', '【']);
            text.starts_with("最終更新")
                || text.starts_with("このページは") && text.contains("最終更新")
                || text.to_ascii_lowercase().starts_with("last update")
        };
        for at in last + 1..self.drafts.len() {
            if self.drafts[at].text.chars().count() > 60 || !touched(&self.drafts[at].text) {
                continue;
            }
            if self.drafts[at].kind == BlockKind::Key {
                let values =
                    self.drafts[at + 1..].iter().take_while(|d| matches!(d.kind, BlockKind::Value { .. })).count();
                self.drafts[at..=at + values].iter_mut().for_each(|d| d.dropped = true);
            }
            self.drafts[at].dropped = true;
        }
    }

    /// Whether a draft under 関連記事 is one of its headlines and not the text going on, or the signature.
    fn is_related(&self, at: usize) -> bool {
        let Some(draft) = self.drafts.get(at) else { return false };
        match draft.kind {
            BlockKind::ListItem { .. } => true,
            // 生協:名簿を紛失 among the headlines.
            BlockKind::Key => {
                let value = self.drafts.get(at + 1).map_or("", |d| d.text.as_str());
                is_headline(&format!("{}:{value}", draft.text))
            }
            BlockKind::Value { .. } => !draft.text.contains('。'),
            BlockKind::Heading { .. } | BlockKind::Paragraph => {
                draft.mark.is_none_or(|m| m.number != 0 && m.style != ' ')
                    && !furniture::is_heading(&draft.text)
                    && draft.text.split('\n').all(is_headline)
            }
            _ => false,
        }
    }
}

/// A line by itself that says nothing of the story, and holds no day.
fn is_furniture(line: &Line<'_>, told: bool) -> bool {
    is_furniture_line(line, told) || line.meta().is_some_and(|days| days.is_empty())
}

fn is_furniture_line(line: &Line<'_>, told: bool) -> bool {
    // What is left of `[前へ] [次へ]` without its links.
    let text = line.text();
    let brackets = !text.is_empty() && text.chars().all(|c| c.is_whitespace() || "[]［］|｜<>＜＞«»".contains(c));
    brackets
        || match told {
            // What is furniture anywhere is so behind the story.
            true => line.is_line_behind() || furniture::is_row_of_headlines(text),
            false => line.is_line(),
        }
}

/// `別紙（PDF：120KB）`: a document that belongs to the text.
fn is_attachment(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["pdf", "excel", "word", "別紙", "添付", "資料"].iter().any(|w| lower.contains(w))
}

/// A line that could be the headline of another article.
fn is_headline(line: &str) -> bool {
    let count = line.chars().count();
    const OWN: [&str; 9] =
        ["お問い合わせ", "問合せ", "お問合せ", "以上", "株式会社", "連絡先", "添付", "別紙", "Security NEXT"];
    (6..=90).contains(&count)
        && !line.ends_with(['。', '、'])
        && !line.contains("。")
        && !OWN.iter().any(|o| line.starts_with(o))
}
