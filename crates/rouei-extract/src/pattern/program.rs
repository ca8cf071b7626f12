//! A backtracking program: what a pattern means, step by step.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};

/// Instructions of one program; a pattern that needs more is left to the `regex` crate.
const MOST_INSTRUCTIONS: usize = 4_000;
/// Steps that any search may take, and those that it may take for each byte of the text.
const STEPS: usize = 2_000;
const STEPS_PER_BYTE: usize = 24;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// First byte of the leftmost match, and the byte behind it.
    At(usize, usize),
    /// No match.
    Nowhere,
    /// Undecided.
    OutOfSteps,
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Program {
    code: Vec<Inst>,
    sets: Vec<Set>,
    filters: Vec<Filter>,
    /// What a match can begin with, among `filters`.
    first: Option<usize>,
    /// Every match begins where the text does.
    at_start: bool,
    /// Every match ends where the text does and is no longer than this.
    longest_at_end: Option<usize>,
}

#[derive(Debug)]
enum Inst {
    /// These bytes.
    Bytes(Box<[u8]>),
    /// One character of a set.
    One(usize),
    /// A run of characters of a set; `next` among `filters` is what can stand behind it.
    Run {
        set: usize,
        min: u32,
        max: u32,
        greedy: bool,
        next: Option<usize>,
    },
    /// The first, and if that leads nowhere, the second.
    Split(usize, usize),
    /// Alternatives, in their order.
    Branch(Box<[Alternative]>),
    Jump(usize),
    Start,
    End,
    Accept,
}

/// One way to go on.
#[derive(Clone, Copy, Debug)]
struct Alternative {
    /// The character that it begins with; [`ANY`] where there are several.
    first: u32,
    /// Then, those that it can begin with, among the filters.
    filter: Option<usize>,
    next: usize,
}

impl Alternative {
    fn may_begin(&self, c: u32, filters: &[Filter]) -> bool {
        self.first == c || self.first == ANY && self.filter.is_none_or(|filter| filters[filter].may_be(c))
    }
}

/// No code point.
const ANY: u32 = u32::MAX;
/// What stands behind the text.
const END: u32 = u32::MAX - 1;

/// Where to go on when the present way fails.
#[derive(Debug)]
enum Frame {
    /// At this instruction.
    At { pc: usize, at: usize },
    /// With the next alternative.
    Branch { pc: usize, alternative: usize, at: usize },
    /// With one character less of a run, down to `least`.
    Shorter { pc: usize, least: usize, at: usize },
    /// With one character more of a run, `more` at the most.
    Longer { pc: usize, more: u32, at: usize },
}

impl Program {
    /// The program of a pattern; none where it holds what programs do not know.
    pub(super) fn new(hir: &Hir) -> Option<Self> {
        let mut compiler = Compiler { code: Vec::new(), sets: Vec::new(), filters: Vec::new() };
        compiler.emit(hir)?;
        compiler.code.push(Inst::Accept);
        for pc in 0..compiler.code.len() {
            if let Inst::Run { .. } = compiler.code[pc] {
                let behind = compiler.filter_at(pc + 1);
                if let Inst::Run { next, .. } = &mut compiler.code[pc] {
                    *next = behind;
                }
            }
            if let Inst::Branch(alternatives) = &compiler.code[pc] {
                let mut alternatives = alternatives.clone();
                for way in alternatives.iter_mut().filter(|way| way.first == ANY) {
                    way.filter = compiler.filter_at(way.next);
                }
                compiler.code[pc] = Inst::Branch(alternatives);
            }
        }
        let first = compiler.filter_at(0);
        let properties = hir.properties();
        let at_start = properties.look_set_prefix().contains(Look::Start);
        let longest_at_end = properties.maximum_len().filter(|_| properties.look_set_suffix().contains(Look::End));
        let Compiler { code, sets, filters } = compiler;
        Some(Self { code, sets, filters, first, at_start, longest_at_end })
    }

    /// The leftmost match from this byte on.
    pub(super) fn find(&self, text: &str, from: usize) -> Outcome {
        let bytes = text.as_bytes();
        let mut at = match self.longest_at_end {
            Some(longest) => from.max(bytes.len().saturating_sub(longest)),
            None => from,
        };
        while at < bytes.len() && !starts_char(bytes[at]) {
            at += 1;
        }
        let mut run =
            Run { bytes, stack: Vec::new(), steps: STEPS + STEPS_PER_BYTE * (bytes.len() - at.min(bytes.len())) };
        if self.at_start {
            return if from > 0 || at > 0 {
                Outcome::Nowhere
            } else {
                run.outcome(self, 0).unwrap_or(Outcome::Nowhere)
            };
        }
        let first = self.first.map(|filter| &self.filters[filter]);
        loop {
            if let Some(filter) = first {
                loop {
                    let Some((c, length)) = char_at(bytes, at) else { return Outcome::Nowhere };
                    if filter.may_be(c) {
                        break;
                    }
                    at += length;
                }
            }
            if let Some(outcome) = run.outcome(self, at) {
                return outcome;
            }
            match char_at(bytes, at) {
                Some((_, length)) => at += length,
                None => return Outcome::Nowhere,
            }
        }
    }
}

struct Run<'t> {
    bytes: &'t [u8],
    stack: Vec<Frame>,
    steps: usize,
}

impl Run<'_> {
    /// Tries a match that begins here; none where there is none.
    fn outcome(&mut self, program: &Program, start: usize) -> Option<Outcome> {
        let (mut pc, mut at) = (0, start);
        self.stack.clear();
        loop {
            if self.steps == 0 {
                return Some(Outcome::OutOfSteps);
            }
            self.steps -= 1;
            let goes_on = match &program.code[pc] {
                Inst::Bytes(literal) => {
                    let held = self.bytes[at..].starts_with(literal);
                    at += literal.len();
                    pc += 1;
                    held
                }
                Inst::One(set) => match char_at(self.bytes, at) {
                    Some((c, length)) if program.sets[*set].holds(c) => {
                        at += length;
                        pc += 1;
                        true
                    }
                    _ => false,
                },
                Inst::Run { set, min, max, greedy, .. } => {
                    let (own, set) = (pc, &program.sets[*set]);
                    match self.pass(set, at, *min) {
                        Some(least) if *greedy => {
                            at = self.pass_most(set, least, max - min);
                            if at > least {
                                self.stack.push(Frame::Shorter { pc: own, least, at });
                            }
                            pc += 1;
                            true
                        }
                        Some(least) => {
                            at = least;
                            if max > min {
                                self.stack.push(Frame::Longer { pc: own, more: max - min, at });
                            }
                            pc += 1;
                            true
                        }
                        None => false,
                    }
                }
                Inst::Split(first, second) => {
                    self.stack.push(Frame::At { pc: *second, at });
                    pc = *first;
                    true
                }
                Inst::Branch(_) => match self.branch(program, pc, 0, at) {
                    Some(next) => {
                        pc = next;
                        true
                    }
                    None => false,
                },
                Inst::Jump(to) => {
                    pc = *to;
                    true
                }
                Inst::Start => {
                    pc += 1;
                    at == 0
                }
                Inst::End => {
                    pc += 1;
                    at == self.bytes.len()
                }
                Inst::Accept => return Some(Outcome::At(start, at)),
            };
            if !goes_on {
                match self.back(program) {
                    Some((next, place)) => (pc, at) = (next, place),
                    None if self.steps == 0 => return Some(Outcome::OutOfSteps),
                    None => return None,
                }
            }
        }
    }

    /// Behind exactly `count` characters of the set.
    fn pass(&self, set: &Set, mut at: usize, count: u32) -> Option<usize> {
        for _ in 0..count {
            let (c, length) = char_at(self.bytes, at)?;
            if !set.holds(c) {
                return None;
            }
            at += length;
        }
        Some(at)
    }

    /// Behind as many characters of the set as there are, `most` at the most.
    fn pass_most(&mut self, set: &Set, from: usize, most: u32) -> usize {
        let (mut at, mut left) = (from, most);
        while left > 0 {
            match char_at(self.bytes, at) {
                Some((c, length)) if set.holds(c) => at += length,
                _ => break,
            }
            left -= 1;
        }
        self.steps = self.steps.saturating_sub(((at - from) / 16).min(self.steps.saturating_sub(1)));
        at
    }

    /// The first alternative from this one on that can begin here; the next one is kept for later.
    fn branch(&mut self, program: &Program, pc: usize, from: usize, at: usize) -> Option<usize> {
        let Inst::Branch(alternatives) = &program.code[pc] else { return None };
        let c = char_at(self.bytes, at).map_or(END, |(c, _)| c);
        let mut fitting =
            alternatives.iter().enumerate().skip(from).filter(|(_, way)| way.may_begin(c, &program.filters));
        let next = fitting.next()?.1.next;
        if let Some((alternative, _)) = fitting.next() {
            self.stack.push(Frame::Branch { pc, alternative, at });
        }
        Some(next)
    }

    /// Back to the last place where there was another way.
    fn back(&mut self, program: &Program) -> Option<(usize, usize)> {
        loop {
            if self.steps == 0 {
                return None;
            }
            self.steps -= 1;
            match self.stack.pop()? {
                Frame::At { pc, at } => return Some((pc, at)),
                Frame::Branch { pc, alternative, at } => {
                    if let Some(next) = self.branch(program, pc, alternative, at) {
                        return Some((next, at));
                    }
                }
                Frame::Shorter { pc, least, at } => {
                    let mut at = at;
                    let Inst::Run { next, .. } = program.code[pc] else { return None };
                    let filter = next.map(|next| &program.filters[next]);
                    while at > least {
                        at -= 1;
                        while !starts_char(self.bytes[at]) {
                            at -= 1;
                        }
                        if filter.is_none_or(|f| char_at(self.bytes, at).is_some_and(|(c, _)| f.may_be(c))) {
                            if at > least {
                                self.stack.push(Frame::Shorter { pc, least, at });
                            }
                            return Some((pc + 1, at));
                        }
                    }
                }
                Frame::Longer { pc, more, at } => {
                    let Inst::Run { set, .. } = program.code[pc] else { return None };
                    if let Some((c, length)) = char_at(self.bytes, at)
                        && program.sets[set].holds(c)
                    {
                        if more > 1 {
                            self.stack.push(Frame::Longer { pc, more: more - 1, at: at + length });
                        }
                        return Some((pc + 1, at + length));
                    }
                }
            }
        }
    }
}

/// The character that begins at this byte, and its length; none at the end.
#[inline]
pub(crate) fn char_at(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let first = u32::from(*bytes.get(at)?);
    if first < 0x80 {
        return Some((first, 1));
    }
    let continued = |n: usize| bytes.get(at + n).map_or(0, |b| u32::from(b & 0x3F));
    Some(match first {
        0..0xE0 => ((first & 0x1F) << 6 | continued(1), 2),
        0xE0..0xF0 => ((first & 0x0F) << 12 | continued(1) << 6 | continued(2), 3),
        _ => ((first & 0x07) << 18 | continued(1) << 12 | continued(2) << 6 | continued(3), 4),
    })
}

fn starts_char(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// A set of characters.
#[derive(Debug, PartialEq)]
struct Set {
    ascii: u128,
    /// Rising; beyond ASCII.
    ranges: Vec<(u32, u32)>,
    /// One bit for each character below U+10000, where the ranges are many.
    plane: Option<Box<[u64]>>,
}

impl Set {
    fn of(class: &ClassUnicode) -> Self {
        let mut out = Self { ascii: 0, ranges: Vec::new(), plane: None };
        for range in class.iter() {
            let (first, last) = (u32::from(range.start()), u32::from(range.end()));
            for c in first..=last.min(127) {
                out.ascii |= 1 << c;
            }
            if last > 127 {
                out.ranges.push((first.max(128), last));
            }
        }
        if out.ranges.len() > 8 {
            let mut plane = vec![0_u64; 1024];
            for c in out.ranges.iter().flat_map(|&(first, last)| first..=last.min(0xFFFF)) {
                plane[c as usize / 64] |= 1 << (c % 64);
            }
            out.plane = Some(plane.into());
        }
        out
    }

    #[inline]
    fn holds(&self, c: u32) -> bool {
        if c < 128 {
            return self.ascii & (1 << c) != 0;
        }
        if let Some(plane) = &self.plane
            && let Some(word) = plane.get(c as usize / 64)
        {
            return word & (1 << (c % 64)) != 0;
        }
        if self.ranges.len() <= 8 {
            return self.ranges.iter().any(|&(first, last)| first <= c && c <= last);
        }
        let behind = self.ranges.partition_point(|&(first, _)| first <= c);
        behind > 0 && c <= self.ranges[behind - 1].1
    }
}

/// Characters by their last eight bits: never wrong where it says no.
#[derive(Clone, Debug, PartialEq)]
struct Filter([u64; 4]);

impl Filter {
    #[inline]
    fn may_be(&self, c: u32) -> bool {
        // Where END stands for no character, a filter says so: it knows none that may match nothing.
        if c == END {
            return false;
        }
        self.0[(c >> 6 & 3) as usize] & (1 << (c & 63)) != 0
    }

    fn add(&mut self, c: u32) {
        self.0[(c >> 6 & 3) as usize] |= 1 << (c & 63);
    }
}

struct Compiler {
    code: Vec<Inst>,
    sets: Vec<Set>,
    filters: Vec<Filter>,
}

impl Compiler {
    fn emit(&mut self, hir: &Hir) -> Option<()> {
        if self.code.len() > MOST_INSTRUCTIONS {
            return None;
        }
        match hir.kind() {
            HirKind::Empty => {}
            HirKind::Literal(literal) => {
                std::str::from_utf8(&literal.0).ok()?;
                self.code.push(Inst::Bytes(literal.0.clone()));
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
        self.code.push(Inst::Branch(Box::new([])));
        let mut alternatives = Vec::with_capacity(parts.len());
        let mut jumps = Vec::with_capacity(parts.len());
        for part in parts {
            alternatives.push(Alternative { first: first_char(part), filter: None, next: self.code.len() });
            self.emit(part)?;
            jumps.push(self.code.len());
            self.code.push(Inst::Jump(0));
        }
        let behind = self.code.len();
        for jump in jumps {
            self.code[jump] = Inst::Jump(behind);
        }
        self.code[branch] = Inst::Branch(alternatives.into());
        Some(())
    }

    fn repetition(&mut self, repetition: &regex_syntax::hir::Repetition) -> Option<()> {
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
            self.code.push(Inst::Run { set, min, max, greedy: repetition.greedy, next: None });
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
                self.code.push(Inst::Jump(split));
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
        let behind = self.code.len();
        self.code[at] = if greedy { Inst::Split(at + 1, behind) } else { Inst::Split(behind, at + 1) };
    }

    fn set(&mut self, class: &ClassUnicode) -> usize {
        let set = Set::of(class);
        self.sets.iter().position(|known| *known == set).unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        })
    }

    /// What can be read from this instruction on; none where that is anything, or nothing.
    fn filter_at(&mut self, pc: usize) -> Option<usize> {
        let mut filter = Filter([0; 4]);
        let mut seen = vec![false; self.code.len()];
        self.fill(pc, &mut filter, &mut seen).then_some(())?;
        let most = filter.0.iter().map(|word| word.count_ones()).sum::<u32>();
        if most > 160 {
            return None;
        }
        let known = self.filters.iter().position(|f| *f == filter);
        Some(known.unwrap_or_else(|| {
            self.filters.push(filter);
            self.filters.len() - 1
        }))
    }

    fn fill(&self, pc: usize, filter: &mut Filter, seen: &mut [bool]) -> bool {
        if std::mem::replace(&mut seen[pc], true) {
            return true;
        }
        match &self.code[pc] {
            Inst::Bytes(literal) => match char_at(literal, 0) {
                Some((c, _)) => {
                    filter.add(c);
                    true
                }
                None => self.fill(pc + 1, filter, seen),
            },
            Inst::One(set) => self.fill_set(*set, filter),
            Inst::Run { set, min, .. } => self.fill_set(*set, filter) && (*min > 0 || self.fill(pc + 1, filter, seen)),
            Inst::Split(first, second) => self.fill(*first, filter, seen) && self.fill(*second, filter, seen),
            Inst::Branch(alternatives) => alternatives.iter().all(|way| self.fill(way.next, filter, seen)),
            Inst::Jump(to) => self.fill(*to, filter, seen),
            Inst::Start => self.fill(pc + 1, filter, seen),
            Inst::End | Inst::Accept => false,
        }
    }

    fn fill_set(&self, set: usize, filter: &mut Filter) -> bool {
        let set = &self.sets[set];
        let many: u32 = set.ranges.iter().map(|(first, last)| last - first + 1).sum();
        if many > 400 {
            return false;
        }
        (0..128).filter(|c| set.ascii & (1 << c) != 0).for_each(|c| filter.add(c));
        set.ranges.iter().flat_map(|&(first, last)| first..=last).for_each(|c| filter.add(c));
        true
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
    let range = regex_syntax::hir::ClassUnicodeRange::new(c, c);
    chars.next().is_none().then(|| ClassUnicode::new([range]))
}
