//! Texts that are nearly the same, whatever furniture stands around them: MinHash to find them, exact containment to be
//! sure (Broder, "On the resemblance and containment of documents", 1997).

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;

/// Characters of one shingle. Eight of Japanese text are two or three words.
const SHINGLE: usize = 8;

/// Texts with fewer shingles, or hardly more letters, are not compared: a line that everybody writes is no copy.
const FEWEST: usize = 150;

/// Letters that are looked at; the rest of a longer text says nothing more about whose copy it is.
const MOST: usize = 100_000;

/// Smallest hashes that are kept, one for each part of the space of hashes (one-permutation hashing; Li, Owen, Zhang,
/// NIPS 2012).
const PARTS: usize = 64;

/// Parts that a text of [`FEWEST`] different shingles fills at least; 58 are to be expected.
const FILLED: usize = 40;

/// Hashes that make up one band: texts that resemble each other by 0.8 share at least one of the sixteen bands with a
/// probability of 0.9998, by 0.2 with 0.03.
const ROWS: usize = 4;

/// The bands of a text: texts of which one band is equal may be alike. None for a text that is too short.
#[must_use]
pub fn bands(text: &str) -> Option<Vec<u64>> {
    let mut smallest = [u64::MAX; PARTS];
    for hash in hashes(&letters(text)?) {
        let part = (hash >> 58) as usize;
        smallest[part] = smallest[part].min(hash);
    }
    // Hardly any different shingles: a line that is repeated.
    if smallest.iter().filter(|hash| **hash != u64::MAX).count() < FILLED {
        return None;
    }
    // An empty part takes what the next one has (densification; Shrivastava and Li, ICML 2014).
    let filled = smallest;
    for (part, value) in smallest.iter_mut().enumerate() {
        if *value == u64::MAX {
            let next = (1..PARTS).map(|step| (step, filled[(part + step) % PARTS])).find(|(_, hash)| *hash != u64::MAX);
            *value = next.map_or(0, |(step, hash)| mixed(hash ^ step as u64));
        }
    }
    Some(smallest.chunks(ROWS).map(|rows| rows.iter().fold(0, |band, row| mixed(band ^ row))).collect())
}

/// The part of the shorter text's shingles that stand in the other, 0 to 1. None where one is too short to say.
#[must_use]
pub fn containment(one: &str, other: &str) -> Option<f64> {
    let (one, other) = (shingles(one)?, shingles(other)?);
    let shared = one.intersection(&other).count();
    Some(shared as f64 / one.len().min(other.len()) as f64)
}

/// The different hashes of a text.
fn shingles(text: &str) -> Option<HashSet<u64>> {
    Some(hashes(&letters(text)?).collect())
}

/// Letters and digits in lower case, widths and punctuation put aside. None where there are too few.
fn letters(text: &str) -> Option<Vec<char>> {
    let letters: Vec<char> =
        text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(MOST).collect();
    (letters.len() >= FEWEST + SHINGLE).then_some(letters)
}

/// A hash of each run of [`SHINGLE`] letters.
fn hashes(letters: &[char]) -> impl Iterator<Item = u64> {
    letters.windows(SHINGLE).map(|run| {
        // FNV-1a, whose high bits need mixing.
        mixed(run.iter().fold(0xcbf2_9ce4_8422_2325, |h, c| (h ^ u64::from(*c)).wrapping_mul(0x100_0000_01b3)))
    })
}

/// The finalizer of splitmix64 (Steele, Lea, Flood 2014): every bit depends on every bit. Stored hashes must not change
/// from one version of a library to the next.
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share_a_band(one: &str, other: &str) -> bool {
        let (one, other) = (bands(one).unwrap(), bands(other).unwrap());
        one.iter().zip(&other).any(|(a, b)| a == b)
    }

    /// A text of `sentences` numbered sentences, from the `first` on.
    fn text(first: usize, sentences: usize) -> String {
        (first..first + sentences)
            .map(|n| {
                format!("第{n}の事項として、{}番目の窓口が{}件の届出を受けた。\n", n * 7919 % 1009, n * 104_729 % 997)
            })
            .collect()
    }

    #[test]
    fn copies_are_found_and_others_are_not() {
        let notice = text(1, 30);
        let copy = format!("転載\n{}　以上", notice.replace('、', ",").replace('0', "０"));
        assert!(share_a_band(&notice, &copy));
        assert!(containment(&notice, &copy).unwrap() > 0.95);
        let other = text(500, 30);
        assert!(!share_a_band(&notice, &other));
        assert!(containment(&notice, &other).unwrap() < 0.7);
        let with_more = format!("{notice}{}", text(200, 6));
        assert!(share_a_band(&notice, &with_more));
        assert!(containment(&notice, &with_more).unwrap() > 0.99);
    }

    #[test]
    fn short_texts_are_not_compared() {
        assert_eq!(bands("お知らせ"), None);
        assert_eq!(bands(&"お知らせします。".repeat(1_000)), None);
        assert_eq!(containment("お知らせ", &text(1, 30)), None);
    }

    #[test]
    fn hashes_stay_what_they_are() {
        assert_eq!(mixed(1), 0x5692_161d_100b_05e5);
    }

    proptest! {
        #[test]
        fn layout_does_not_matter(breaks in prop::collection::vec(1usize..400, 0..12)) {
            let notice = text(1, 20);
            let mut broken: Vec<char> = notice.chars().collect();
            for at in breaks {
                broken.insert(at.min(broken.len()), '\n');
            }
            let broken: String = broken.into_iter().collect();
            prop_assert_eq!(bands(&notice), bands(&broken));
            prop_assert_eq!(containment(&notice, &broken), Some(1.0));
        }
    }
}
