//! Blocks on their way into a document: drafted one by one, judged beside their neighbours, then laid out as text.

use rouei_model::{Block, BlockKind, Document, Span};

use crate::lines::{Line, Mark, classify, heading_pair, labelled};
use crate::table::{self, Cell};

/// A block without its place in the text. References to other blocks are indices of drafts until [`Builder::finish`].
pub(crate) struct Draft {
    pub kind: BlockKind,
    pub text: String,
    /// Joined to the block before by a tab instead of a line break.
    pub beside: bool,
    pub mark: Option<Mark>,
    pub page: Option<u32>,
    pub dropped: bool,
    /// All of it lies in a link.
    pub linked: bool,
}

/// What a run of lines is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    /// Nothing in particular.
    Body,
    /// `h1` to `h6`.
    Heading(u8),
    /// `li`; only its first text is the item.
    Item { depth: u8, ordered: bool },
    /// `dt`.
    Key,
    /// `dd` of that key; the first text stands beside it.
    Value { key: usize, first: bool },
}

#[derive(Default)]
pub(crate) struct Builder {
    pub drafts: Vec<Draft>,
    pub tables: u32,
    pub page: Option<u32>,
    /// Links by draft.
    pub links: Vec<(usize, String)>,
}

impl Builder {
    pub(crate) fn push(&mut self, kind: BlockKind, text: &str) -> usize {
        self.push_draft(kind, text, false, None)
    }

    pub(crate) fn push_beside(&mut self, kind: BlockKind, text: &str) -> usize {
        self.push_draft(kind, text, true, None)
    }

    fn push_draft(&mut self, kind: BlockKind, text: &str, beside: bool, mark: Option<Mark>) -> usize {
        let text = trim(text).replace('\t', " ");
        self.drafts.push(Draft { kind, text, beside, mark, page: self.page, dropped: false, linked: false });
        self.drafts.len() - 1
    }

    pub(crate) fn pair(&mut self, key: &str, value: &str) -> (usize, usize) {
        let key = self.push(BlockKind::Key, key);
        let value = self.push_beside(BlockKind::Value { key: key as u32 }, value);
        (key, value)
    }

    /// Drafts the blocks of a run of lines and says which draft each line went to (`usize::MAX` for empty ones).
    pub(crate) fn push_lines(&mut self, text: &str, context: Context) -> Vec<usize> {
        let lines: Vec<&str> = text.split('\n').map(trim).collect();
        let mut of_line = vec![usize::MAX; lines.len()];
        match context {
            Context::Heading(3..=6) if lines.len() == 1 && heading_pair(lines[0]).is_some() => {
                if let Some((key, value)) = heading_pair(lines[0]) {
                    of_line[0] = self.pair(key, value).1;
                }
            }
            Context::Heading(level) => self.push_whole(&lines, &mut of_line, BlockKind::Heading { level }, false),
            Context::Key => self.push_whole(&lines, &mut of_line, BlockKind::Key, false),
            Context::Value { key, first } => {
                self.push_whole(&lines, &mut of_line, BlockKind::Value { key: key as u32 }, first);
            }
            Context::Body | Context::Item { .. } => self.push_judged(&lines, &mut of_line, context),
        }
        of_line
    }

    fn push_whole(&mut self, lines: &[&str], of_line: &mut [usize], kind: BlockKind, beside: bool) {
        let kept: Vec<&str> = lines.iter().copied().filter(|l| !l.is_empty()).collect();
        if kept.is_empty() {
            return;
        }
        let draft = self.push_draft(kind, &kept.join("\n"), beside, None);
        of_line.fill(draft);
    }

    fn push_judged(&mut self, lines: &[&str], of_line: &mut [usize], context: Context) {
        // A run of plain lines that is still open, and the first block of a list item.
        let mut run: Vec<usize> = Vec::new();
        let mut item = match context {
            Context::Item { depth, ordered } => Some(BlockKind::ListItem { depth, ordered }),
            _ => None,
        };
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at];
            if line.is_empty() {
                self.close_run(lines, &mut run, of_line, &mut item);
                at += 1;
                continue;
            }
            let judged = classify(line);
            if let Line::Plain(_) = judged {
                // Labels in neighbouring lines are a list of facts.
                let beside = |i: usize| lines.get(i).is_some_and(|l| labelled(l).is_some());
                if let Some((key, value)) = labelled(line)
                    && (beside(at + 1) || at.checked_sub(1).is_some_and(beside))
                {
                    self.close_run(lines, &mut run, of_line, &mut item);
                    of_line[at] = self.pair(key, value).1;
                    item = None;
                    at += 1;
                    continue;
                }
                run.push(at);
                at += 1;
                continue;
            }
            if let (Some(kind), Line::Marked { .. } | Line::Item { .. } | Line::Heading { level: 3..=5, .. }) =
                (&item, &judged)
                && run.is_empty()
            {
                // The first line of a list item is the item, whatever mark it carries; a bullet of its own goes.
                let text = if let Line::Item { text, .. } = judged { text } else { line };
                of_line[at] = self.push(kind.clone(), text);
                item = None;
                at += 1;
                continue;
            }
            self.close_run(lines, &mut run, of_line, &mut item);
            let depth_of = |depth: u8| match context {
                Context::Item { depth: outer, .. } => outer.saturating_add(depth + 1),
                _ => depth,
            };
            of_line[at] = match judged {
                Line::Heading { level, text } => self.push(BlockKind::Heading { level }, text),
                Line::Marked { level, text, mark } => {
                    self.push_draft(BlockKind::Heading { level }, text, false, Some(mark))
                }
                Line::Item { depth, ordered, text } => {
                    self.push(BlockKind::ListItem { depth: depth_of(depth), ordered }, text)
                }
                Line::Pair { key, value } => {
                    item = None;
                    self.pair(key, value).1
                }
                Line::Cells(_) | Line::Rule => {
                    let end = (at..lines.len())
                        .find(|&i| !matches!(classify(lines[i]), Line::Cells(_) | Line::Rule) || lines[i].is_empty())
                        .unwrap_or(lines.len());
                    let first = self.drafts.len();
                    self.push_cell_lines(&lines[at..end]);
                    of_line[at..end].fill(first.min(self.drafts.len().saturating_sub(1)));
                    at = end;
                    continue;
                }
                Line::Plain(text) => self.push(BlockKind::Paragraph, text),
            };
            at += 1;
        }
        self.close_run(lines, &mut run, of_line, &mut item);
    }

    fn close_run(&mut self, lines: &[&str], run: &mut Vec<usize>, of_line: &mut [usize], item: &mut Option<BlockKind>) {
        if run.is_empty() {
            return;
        }
        let text: Vec<&str> = run.iter().map(|&i| lines[i]).collect();
        let draft = self.push(item.take().unwrap_or(BlockKind::Paragraph), &text.join("\n"));
        for &i in run.iter() {
            of_line[i] = draft;
        }
        run.clear();
    }

    /// Rows of a Markdown table or of lines with tabs.
    fn push_cell_lines(&mut self, lines: &[&str]) {
        let ruled = lines.iter().any(|l| classify(l) == Line::Rule);
        let mut cells = Vec::new();
        let mut row = 0;
        for line in lines {
            let Line::Cells(texts) = classify(line) else { continue };
            for (column, text) in texts.iter().enumerate() {
                cells.push(Cell {
                    row,
                    column: column as u32,
                    rows: 1,
                    columns: 1,
                    header: ruled && row == 0,
                    text: (*text).to_owned(),
                    links: Vec::new(),
                });
            }
            row += 1;
        }
        table::draft(self, &cells);
    }

    /// Judges the drafts beside their neighbours and lays them out in the document.
    pub(crate) fn finish(mut self, document: &mut Document) {
        self.drop_furniture();
        self.drop_cut_title();
        self.drop_trailing_links();
        self.drop_foot();
        self.settle_marks();
        self.join_wrapped();
        let mut ids: Vec<u32> = Vec::with_capacity(self.drafts.len());
        let mut next = 0;
        for draft in &self.drafts {
            ids.push(next);
            next += u32::from(!draft.dropped);
        }
        let kept: Vec<bool> = self.drafts.iter().map(|d| !d.dropped).collect();
        let text = &mut document.text;
        for (at, draft) in self.drafts.into_iter().enumerate() {
            if draft.dropped {
                continue;
            }
            if !document.blocks.is_empty() {
                text.push(if draft.beside { '\t' } else { '\n' });
            }
            let start = text.len();
            text.push_str(&draft.text);
            let id = |draft: u32| ids.get(draft as usize).copied().unwrap_or(0);
            let kind = match draft.kind {
                BlockKind::Value { key } => BlockKind::Value { key: id(key) },
                BlockKind::TableCell { table, row, column, header, row_headers, column_headers } => {
                    BlockKind::TableCell {
                        table,
                        row,
                        column,
                        header,
                        row_headers: row_headers.into_iter().map(id).collect(),
                        column_headers: column_headers.into_iter().map(id).collect(),
                    }
                }
                other => other,
            };
            document.blocks.push(Block { id: ids[at], kind, span: Span::new(start, text.len()), page: draft.page });
        }
        document.links = self
            .links
            .into_iter()
            .filter(|(draft, _)| kept.get(*draft) == Some(&true))
            .filter_map(|(draft, url)| Some((*ids.get(draft)?, url)))
            .collect();
    }

    /// Numbered lines one after another are a list; a single one is a heading.
    fn settle_marks(&mut self) {
        let kept: Vec<usize> = (0..self.drafts.len()).filter(|&i| !self.drafts[i].dropped).collect();
        let continues = |a: usize, b: usize| match (self.drafts[a].mark, self.drafts[b].mark) {
            (Some(a), Some(b)) => a.continues(b),
            _ => false,
        };
        let items: Vec<usize> = kept
            .iter()
            .enumerate()
            .filter(|&(i, &at)| {
                (i > 0 && continues(kept[i - 1], at)) || kept.get(i + 1).is_some_and(|&next| continues(at, next))
            })
            .map(|(_, &at)| at)
            .collect();
        for at in items {
            let draft = &mut self.drafts[at];
            if let Some(mark) = draft.mark {
                draft.kind = BlockKind::ListItem { depth: 0, ordered: mark.number > 0 };
                draft.text = draft.text[mark.length..].to_owned();
            }
        }
    }
}

/// Blanks at the ends of a block say nothing, the ideographic space of an indent included.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}
