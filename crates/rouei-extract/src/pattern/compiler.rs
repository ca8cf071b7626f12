//! From a pattern to its program.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use super::program::{ANY, Alternative, Inst, NO_FILTER, SHORT};
use super::set::{Filter, Set, char_at};

/// Instructions of one program; a pattern that needs more is left to the `regex` crate.
const MOST_INSTRUCTIONS: usize = 4_000;
/// So few alternatives are looked at one after the other.
const FEW: usize = 4;

#[derive(Default)]
pub(super) struct Compiler {
    pub(super) code: Vec<Inst>,
    pub(super) alternatives: Vec<Alternative>,
    pub(super) literals: Vec<u8>,
    pub(super) sets: Vec<Set>,
    pub(super) filters: Vec<Filter>,
}

impl Compiler {
    pub(super) fn emit(&mut self, hir: &Hir) -> Option<()> {
        if self.code.len() > MOST_INSTRUCTIONS {
            return None;
        }
        match hir.kind() {
            HirKind::Empty => {}
            HirKind::Literal(literal) => {
                std::str::from_utf8(&literal.0).ok()?;
                let mut bytes = [0; SHORT];
                if let Some(short) = bytes.get_mut(..literal.0.len()) {
                    short.copy_from_slice(&literal.0);
                    self.code.push(Inst::Short { length: literal.0.len() as u8, bytes });
                } else {
                    let from = self.literals.len() as u32;
                    self.literals.extend_from_slice(&literal.0);
                    self.code.push(Inst::Bytes { from, to: self.literals.len() as u32 });
                }
            }
            HirKind::Class(Class::Unicode(class)) => {
                let set = self.set(class);
                self.code.push(Inst::One(set));
            }
            HirKind::Class(Class::Bytes(class)) => {
                let set = self.set(&class.to_unicode_class()?);
                self.code.push(Inst::One(set));
            }
            HirKind::Look(Look::Start) => self.code.push(Inst::Start),
            HirKind::Look(Look::End) => self.code.push(Inst::End),
            HirKind::Look(_) => return None,
            HirKind::Capture(capture) => self.emit(&capture.sub)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.emit(part))?,
            HirKind::Alternation(parts) => self.alternation(parts)?,
            HirKind::Repetition(repetition) => self.repetition(repetition)?,
        }
        Some(())
    }

    fn alternation(&mut self, parts: &[Hir]) -> Option<()> {
        let branch = self.code.len();
        self.code.push(Inst::Branch { from: 0, to: 0, gate: NO_FILTER, sorted: false });
        let mut alternatives = Vec::with_capacity(parts.len());
        let mut jumps = Vec::with_capacity(parts.len());
        for part in parts {
            alternatives.push(Alternative { first: first_char(part), filter: NO_FILTER, next: self.here() });
            self.emit(part)?;
            jumps.push(self.code.len());
            self.code.push(Inst::Jump(0));
        }
        let behind = self.here();
        for jump in jumps {
            self.code[jump] = Inst::Jump(behind);
        }
        // Only alternatives with the same first character can stand in each other's way; those keep their order.
        let sorted = alternatives.len() > FEW && alternatives.iter().all(|way| way.first != ANY);
        if sorted {
            alternatives.sort_by_key(|way| way.first);
        }
        let from = self.alternatives.len() as u32;
        self.alternatives.extend(alternatives);
        self.code[branch] = Inst::Branch { from, to: self.alternatives.len() as u32, gate: NO_FILTER, sorted };
        Some(())
    }

    fn repetition(&mut self, repetition: &Repetition) -> Option<()> {
        let (min, max, sub) = (repetition.min, repetition.max, &*repetition.sub);
        let class = match sub.kind() {
            HirKind::Class(Class::Unicode(class)) => Some(class.clone()),
            HirKind::Class(Class::Bytes(class)) => Some(class.to_unicode_class()?),
            HirKind::Literal(literal) => single(&literal.0),
            _ => None,
        };
        if let Some(class) = class {
            let set = self.set(&class);
            let max = max.unwrap_or(u32::MAX);
            self.code.push(Inst::Run { set, min, max, greedy: repetition.greedy, next: NO_FILTER });
            return Some(());
        }
        // What may match nothing must not be repeated without end.
        if sub.properties().minimum_len().is_none_or(|least| least == 0) && max != Some(1) {
            return None;
        }
        for _ in 0..min {
            self.emit(sub)?;
        }
        match max {
            None => {
                let split = self.code.len();
                self.code.push(Inst::Jump(0));
                self.emit(sub)?;
                self.code.push(Inst::Jump(split as u32));
                self.split(split, repetition.greedy);
            }
            Some(max) => {
                let mut splits = Vec::new();
                for _ in min..max {
                    splits.push(self.code.len());
                    self.code.push(Inst::Jump(0));
                    self.emit(sub)?;
                }
                for split in splits {
                    self.split(split, repetition.greedy);
                }
            }
        }
        Some(())
    }

    /// Makes a split of what follows it and the present end.
    fn split(&mut self, at: usize, greedy: bool) {
        let (inside, behind) = (at as u32 + 1, self.here());
        self.code[at] = if greedy { Inst::Split(inside, behind) } else { Inst::Split(behind, inside) };
    }

    /// Number of the next instruction.
    fn here(&self) -> u32 {
        self.code.len() as u32
    }

    fn set(&mut self, class: &ClassUnicode) -> u32 {
        let set = Set::of(class);
        let known = self.sets.iter().position(|known| *known == set).unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        });
        known as u32
    }

    /// What can be read from this instruction on; [`NO_FILTER`] where that is anything, or nothing.
    pub(super) fn filter_at(&mut self, pc: usize) -> u32 {
        let mut filter = Filter::default();
        let mut seen = vec![false; self.code.len()];
        if !self.fill(pc, &mut filter, &mut seen) || !filter.is_of_use() {
            return NO_FILTER;
        }
        let known = self.filters.iter().position(|f| *f == filter).unwrap_or_else(|| {
            self.filters.push(filter);
            self.filters.len() - 1
        });
        known as u32
    }

    fn fill(&self, pc: usize, filter: &mut Filter, seen: &mut [bool]) -> bool {
        if std::mem::replace(&mut seen[pc], true) {
            return true;
        }
        match self.code[pc] {
            Inst::Short { length, bytes } => self.fill_literal(&bytes[..usize::from(length)], pc, filter, seen),
            Inst::Bytes { from, to } => self.fill_literal(&self.literals[from as usize..to as usize], pc, filter, seen),
            Inst::One(set) => self.fill_set(set, filter),
            Inst::Run { set, min, .. } => self.fill_set(set, filter) && (min > 0 || self.fill(pc + 1, filter, seen)),
            Inst::Split(first, second) => {
                self.fill(first as usize, filter, seen) && self.fill(second as usize, filter, seen)
            }
            Inst::Branch { from, to, .. } => {
                let ways = &self.alternatives[from as usize..to as usize];
                ways.iter().all(|way| self.fill(way.next as usize, filter, seen))
            }
            Inst::Jump(to) => self.fill(to as usize, filter, seen),
            Inst::Start => self.fill(pc + 1, filter, seen),
            Inst::End | Inst::Accept => false,
        }
    }

    fn fill_literal(&self, literal: &[u8], pc: usize, filter: &mut Filter, seen: &mut [bool]) -> bool {
        match char_at(literal, 0) {
            Some((c, _)) => {
                filter.add(c);
                true
            }
            None => self.fill(pc + 1, filter, seen),
        }
    }

    fn fill_set(&self, set: u32, filter: &mut Filter) -> bool {
        filter.add_set(set as usize, &self.sets[set as usize])
    }
}

/// The one character that every match begins with.
fn first_char(hir: &Hir) -> u32 {
    match hir.kind() {
        HirKind::Literal(literal) => char_at(&literal.0, 0).map_or(ANY, |(c, _)| c),
        HirKind::Class(Class::Unicode(class)) => match class.ranges() {
            [range] if range.start() == range.end() => u32::from(range.start()),
            _ => ANY,
        },
        HirKind::Capture(capture) => first_char(&capture.sub),
        HirKind::Concat(parts) => parts.first().map_or(ANY, first_char),
        HirKind::Repetition(repetition) if repetition.min > 0 => first_char(&repetition.sub),
        _ => ANY,
    }
}

/// The class of a literal of one character.
fn single(literal: &[u8]) -> Option<ClassUnicode> {
    let mut chars = std::str::from_utf8(literal).ok()?.chars();
    let c = chars.next()?;
    let range = ClassUnicodeRange::new(c, c);
    chars.next().is_none().then(|| ClassUnicode::new([range]))
}
