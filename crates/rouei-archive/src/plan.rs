use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::{
    ArchiveError, ArchiveReader, BadRecord, CdxjLine, ExportReport, Record, RecordType, Selection, Withdrawals,
    export::{names, reference},
    selection::is_capture,
};

/// Which records of which files an export copies.
pub(crate) struct Plan {
    /// In the order of the files.
    pub(crate) files: Vec<(PathBuf, Places)>,
    pub(crate) report: ExportReport,
}

/// The records of a file that are copied, by offset and offset in the gzip member.
pub(crate) type Places = BTreeMap<(u64, u64), Place>;

/// A record to be copied.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) length: Option<u64>,
    /// It has a gzip member to itself, which can be copied as it is.
    pub(crate) own_member: bool,
    /// Its line of the index, if it is a capture.
    pub(crate) line: Option<CdxjLine>,
}

/// What is remembered of a record while its file is looked through.
struct Seen {
    at: (u64, u64),
    place: Place,
    kind: RecordType,
    id: String,
    /// The records that it says it belongs to.
    belongs_to: Vec<String>,
    taken: bool,
}

impl Plan {
    pub(crate) fn make(
        files: &[PathBuf],
        selection: &Selection,
        withdrawals: &Withdrawals,
    ) -> Result<Self, ArchiveError> {
        let mut plan = Self { files: Vec::with_capacity(files.len()), report: ExportReport::default() };
        let mut present = BTreeSet::new();
        let mut wanted: BTreeMap<String, Vec<BadRecord>> = BTreeMap::new();
        for path in files {
            let mut report = std::mem::take(&mut plan.report);
            let mut places = Places::new();
            look_through(path, Some(&mut report.skipped), &mut places, |record| {
                if !selection.takes(record) {
                    return false;
                }
                if record.url().is_some_and(|url| withdrawals.holds_back(url)) {
                    report.withheld += 1;
                    return false;
                }
                report.captures += 1;
                if record.record_type() == RecordType::Revisit {
                    let name = reference(record).unwrap_or_default();
                    wanted.entry(name).or_default().push(orphan(record));
                } else {
                    present.extend(names(record));
                }
                true
            })?;
            plan.report = report;
            plan.files.push((path.clone(), places));
        }
        wanted.retain(|name, _| !present.contains(name));
        if !wanted.is_empty() {
            plan.bring_originals(&mut wanted, withdrawals)?;
        }
        plan.report.orphans = wanted.into_values().flatten().collect();
        plan.report.orphans.sort_by(|a, b| (&a.file, a.offset).cmp(&(&b.file, b.offset)));
        Ok(plan)
    }

    /// Of several originals of the same name the first will do.
    fn bring_originals(
        &mut self,
        wanted: &mut BTreeMap<String, Vec<BadRecord>>,
        withdrawals: &Withdrawals,
    ) -> Result<(), ArchiveError> {
        for (path, places) in &mut self.files {
            let originals = &mut self.report.originals;
            look_through(path, None, places, |record| {
                let is_original = matches!(record.record_type(), RecordType::Response | RecordType::Resource);
                if !is_original || record.url().is_some_and(|url| withdrawals.holds_back(url)) {
                    return false;
                }
                let found: Vec<String> = names(record).into_iter().filter(|n| wanted.contains_key(n)).collect();
                for name in &found {
                    wanted.remove(name);
                }
                *originals += u64::from(!found.is_empty());
                !found.is_empty()
            })?;
        }
        Ok(())
    }
}

/// Adds the places of the captures that `takes` takes, and of what belongs to them.
fn look_through(
    path: &Path,
    skipped: Option<&mut Vec<BadRecord>>,
    places: &mut Places,
    mut takes: impl FnMut(&Record) -> bool,
) -> Result<(), ArchiveError> {
    let reader = match (ArchiveReader::open_own(path), skipped.is_some()) {
        (Ok(reader), _) => reader,
        (Err(ArchiveError::NotWarc { file, reason }), true) => {
            if let Some(skipped) = skipped {
                skipped.push(BadRecord { file, offset: 0, reason: format!("not a WARC file: {reason}") });
            }
            return Ok(());
        }
        (Err(ArchiveError::NotWarc { .. }), false) => return Ok(()),
        (Err(error), _) => return Err(error),
    };
    let gzip = reader.is_gzip();
    let mut bad = Vec::new();
    let mut seen: Vec<Seen> = Vec::new();
    for record in reader {
        match record {
            Ok(record) => {
                let taken = takes(&record);
                seen.push(Seen::of(&record, gzip, taken));
            }
            Err(broken) => bad.push(broken),
        }
    }
    if let Some(skipped) = skipped {
        skipped.append(&mut bad);
    }
    take_companions(&mut seen);
    places.extend(seen.into_iter().filter(|s| s.taken).map(|s| (s.at, s.place)));
    Ok(())
}

/// Requests, metadata and the like go with the capture that they belong to, whichever of the two says so; a `warcinfo`
/// goes with any record behind it.
fn take_companions(seen: &mut [Seen]) {
    let captures: BTreeSet<String> = seen.iter().filter(|s| s.taken).map(|s| s.id.clone()).collect();
    let named: BTreeSet<String> = seen.iter().filter(|s| s.taken).flat_map(|s| s.belongs_to.iter().cloned()).collect();
    let mut info = None;
    let mut infos = BTreeSet::new();
    for (i, record) in seen.iter_mut().enumerate() {
        if record.kind == RecordType::Warcinfo {
            info = Some(i);
            continue;
        }
        if !is_capture(&record.kind) {
            record.taken = record.belongs_to.iter().any(|id| captures.contains(id)) || named.contains(&record.id);
        }
        if record.taken {
            infos.extend(info);
        }
    }
    for i in infos {
        seen[i].taken = true;
    }
}

impl Seen {
    fn of(record: &Record, gzip: bool, taken: bool) -> Self {
        let bare = |value: &str| value.trim_matches(['<', '>']).to_owned();
        let belongs_to = record
            .header
            .fields
            .iter()
            .filter(|(name, _)| {
                name.eq_ignore_ascii_case("WARC-Concurrent-To")
                    || (name.eq_ignore_ascii_case("WARC-Refers-To") && record.record_type() == RecordType::Metadata)
            })
            .map(|(_, value)| bare(value))
            .filter(|id| !id.is_empty())
            .collect();
        Self {
            at: (record.offset, record.offset_in_member),
            place: Place {
                length: record.length,
                own_member: gzip && record.length.is_some(),
                line: if taken { CdxjLine::of_record(record) } else { None },
            },
            kind: record.record_type(),
            id: record.id().to_owned(),
            belongs_to,
            taken,
        }
    }
}

fn orphan(revisit: &Record) -> BadRecord {
    BadRecord {
        file: revisit.file.clone(),
        offset: revisit.offset,
        reason: format!(
            "the original of the revisit {} of {} is not in the archive, or is withdrawn",
            revisit.id(),
            revisit.url().unwrap_or("-")
        ),
    }
}
