//! Paragraphs that are lines of one: a text that was typed or copied with a line break every forty characters, each line
//! of which became a paragraph of its own.

use rouei_model::BlockKind;

use crate::builder::{Builder, Draft};

/// Characters of a line between these bounds; a longer paragraph is none.
const NARROWEST: usize = 28;
const WIDEST: usize = 64;
/// A line that is broken for want of room fills at least so many hundredths of the widest.
const FILLED: usize = 80;

impl Builder {
    /// Joins the lines of a wrapped text into one paragraph, with line breaks as they stand in plain text.
    pub(crate) fn join_wrapped(&mut self) {
        let kept: Vec<usize> = (0..self.drafts.len()).filter(|&i| !self.drafts[i].dropped).collect();
        let line = |&at: &usize| is_line(&self.drafts[at]);
        let runs: Vec<Vec<usize>> =
            kept.chunk_by(|a, b| line(a) && line(b)).filter(|run| run.len() >= 3).map(<[usize]>::to_vec).collect();
        for run in runs {
            let width = run.iter().map(|&at| self.drafts[at].text.chars().count()).max().unwrap_or_default();
            let broken = |pair: &[usize]| self.is_broken(pair[0], pair[1], width);
            // One break inside a word or before a particle shows that the text is wrapped.
            if width < NARROWEST || !run.windows(2).any(|pair| broken(pair) && self.goes_on(pair[1])) {
                continue;
            }
            let joins: Vec<bool> = run.windows(2).map(broken).collect();
            let mut first = run[0];
            for (&at, joined) in run[1..].iter().zip(joins) {
                if joined {
                    self.join(first, at);
                } else {
                    first = at;
                }
            }
        }
    }

    /// Whether the end of a line is no end of a sentence but the end of the room.
    fn is_broken(&self, line: usize, next: usize, width: usize) -> bool {
        let (line, next) = (&self.drafts[line], &self.drafts[next]);
        let ends = line.text.ends_with(['。', '．', '.', '!', '?', '！', '？', '」', '』', '）', ')', '】', '：', ':']);
        line.text.chars().count() * 100 >= width * FILLED && !ends && next.mark.is_none()
    }

    /// Whether a line begins as no sentence does: して、ランサムウェアによる….
    fn goes_on(&self, line: usize) -> bool {
        let text = &self.drafts[line].text;
        // その, この, おわび, また: so begin sentences.
        let starts = ["あ", "お", "ご", "こ", "そ", "また", "なお", "いつ", "どう", "まず", "さらに"];
        text.starts_with(|c: char| ('ぁ'..='ん').contains(&c)) && !starts.iter().any(|s| text.starts_with(s))
    }

    fn join(&mut self, first: usize, at: usize) {
        let text = std::mem::take(&mut self.drafts[at].text);
        self.drafts[first].text.push('\n');
        self.drafts[first].text.push_str(&text);
        self.drafts[at].dropped = true;
        for (draft, _) in self.links.iter_mut().filter(|(draft, _)| *draft == at) {
            *draft = first;
        }
    }
}

fn is_line(draft: &Draft) -> bool {
    draft.kind == BlockKind::Paragraph
        && !draft.beside
        && !draft.linked
        && !draft.text.contains('\n')
        && draft.text.chars().count() <= WIDEST
}
