//! One sentence, read for names by every way there is to write one.

use rouei_model::Span;
use rouei_morphology::Token;

use super::lexicon::WordList;
use super::name::split_name;
use super::{Mention, Onlooker, OrganizationFinding, OrganizationKind, OrganizationLexicon};
use crate::reading::Reading;

/// Longest name in characters; what is longer is a sentence.
pub(super) const LONGEST_NAME: usize = 40;

pub(super) fn find_in_sentence(
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    sentence: usize,
    out: &mut Vec<OrganizationFinding>,
) {
    let scan = Scan { reading, lexicon, sentence };
    let from = out.len();
    scan.legal_forms(out);
    scan.first_person(out);
    scan.quotations(out);
    scan.anonymised(out);
    scan.chains(out);
    scan.hiragana_topics(out);
    scan.mixed_topic(out);
    scan.signature(out);
    scan.greeting(out);
    drop_contained(out, from);
    scan.subsidiaries(out, from);
}

pub(super) fn read_cell(
    reading: &Reading,
    lexicon: &OrganizationLexicon,
    sentence: usize,
) -> Option<OrganizationFinding> {
    let span = reading.sentences.get(sentence)?.span;
    let text = span.of(reading.text());
    if text.chars().count() > LONGEST_NAME || text.contains(['。', '、']) || lexicon.generic.contains(text) {
        return None;
    }
    let scan = Scan { reading, lexicon, sentence };
    let mut found = Vec::new();
    scan.legal_forms(&mut found);
    scan.chains(&mut found);
    let kind = found.iter().find(|f| f.span.end == span.end).map_or(OrganizationKind::Unknown, |f| f.kind);
    let mut finding = scan.finding(span, kind, Mention::Weak);
    if scan.is_description(text) {
        finding.mention = Mention::Anonymised;
    }
    Some(finding)
}

/// A sentence with the lexicon that it is read by; the ways to write a name stand in the modules beside this one.
pub(super) struct Scan<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) lexicon: &'a OrganizationLexicon,
    pub(super) sentence: usize,
}

impl Scan<'_> {
    pub(super) fn span(&self) -> Span {
        self.reading.sentences[self.sentence].span
    }

    pub(super) fn text(&self) -> &str {
        self.span().of(self.reading.text())
    }

    pub(super) fn tokens(&self) -> &[Token] {
        self.reading.sentence_tokens(self.sentence)
    }

    pub(super) fn word(&self, token: &Token) -> &str {
        Span::new(token.start, token.end).of(self.reading.text())
    }

    pub(super) fn finding(&self, span: Span, kind: OrganizationKind, mention: Mention) -> OrganizationFinding {
        let raw = span.of(self.reading.text());
        let (name, legal_form, ticker, form_kind) = split_name(self.lexicon, raw);
        let quoted = self.reading.text()[..span.start].ends_with(['「', '『', '"', '“'])
            && self.reading.text()[span.end..].starts_with(['」', '』', '"', '”']);
        let onlooker = self.lexicon.onlookers.get(name.as_str()).copied().or(match kind {
            OrganizationKind::Police => Some(Onlooker::Regulator),
            OrganizationKind::Agency => self.ministry_of(&name),
            _ if legal_form.is_none() && self.reports(span, &name) => Some(Onlooker::Media),
            _ => None,
        });
        let mention = match mention {
            _ if legal_form.is_some() || ticker.is_some() => Mention::LegalForm,
            // 某公立大学: a description, though it ends as a name does.
            _ if raw.starts_with('某') => Mention::Anonymised,
            _ => mention,
        };
        let kind = match kind {
            OrganizationKind::Unknown if mention == Mention::Bare && self.lexicon.names_a_service(&name) => {
                OrganizationKind::Service
            }
            OrganizationKind::Unknown => form_kind.unwrap_or(kind),
            _ => kind,
        };
        OrganizationFinding { sentence: self.sentence, span, name, legal_form, ticker, kind, mention, quoted, onlooker }
    }
}

impl Scan<'_> {
    /// 霧影放送 in a line of its own, …流出(霧影新報) at the end of a headline: who tells of it.
    fn reports(&self, span: Span, name: &str) -> bool {
        let line = self.span();
        let text = self.reading.text();
        let alone = span == line && line.start > 0;
        let credited = text[..span.start].ends_with('(') && text[span.end..line.end].trim_end() == ")";
        (alone || credited)
            && self.lexicon.ends_with(WordList::MediaEnding, name).is_some()
            && (credited || self.lexicon.holds(WordList::Hearsay, text))
    }

    /// 総務省自治行政局: what a ministry is, its bureaus are.
    fn ministry_of(&self, name: &str) -> Option<Onlooker> {
        let ends = name.char_indices().filter(|(_, c)| matches!(c, '省' | '庁')).map(|(at, c)| at + c.len_utf8());
        ends.filter_map(|end| self.lexicon.onlookers.get(&name[..end])).next().copied()
    }
}

/// Of mentions that lie inside another, the outer one stays; of equal spans the surer one.
fn drop_contained(out: &mut Vec<OrganizationFinding>, from: usize) {
    let mut tail = out.split_off(from);
    // 音楽配信サービス「ねいろ倶楽部」: what stands before a quotation says more than how it ends.
    let site = |f: &OrganizationFinding| f.quoted && f.kind == OrganizationKind::Service;
    tail.sort_by_key(|f| {
        (f.span.start, std::cmp::Reverse(f.span.end), !site(f) || f.mention == Mention::LegalForm, f.mention)
    });
    // What contains a finding begins no farther before its end than the longest name is; a long text has many names.
    let longest = tail.iter().map(|f| f.span.end - f.span.start).max().unwrap_or_default();
    let mut kept: Vec<OrganizationFinding> = Vec::new();
    for finding in tail {
        let near = kept.partition_point(|k| k.span.start + longest < finding.span.end);
        let covered = kept[near..].iter().any(|k| {
            let typed = site(k) && k.span == finding.span && finding.mention != Mention::LegalForm;
            k.span.contains(finding.span) && (typed || !(k.mention == Mention::Bare && finding.mention < Mention::Weak))
        });
        if !covered {
            let mut around = kept.split_off(near);
            around.retain(|k| !(k.span.contains(finding.span) && k.mention == Mention::Bare && !k.quoted));
            kept.append(&mut around);
            kept.push(finding);
        }
    }
    out.extend(kept);
}
