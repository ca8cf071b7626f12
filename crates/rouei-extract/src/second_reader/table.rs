//! Weights of a linear classifier as a table: a row for each feature, a column for each class.

use crate::lexicon::LexiconError;

/// The weights of a classifier.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) classes: Vec<String>,
    /// The features, in the order of the rows.
    pub(super) features: Vec<String>,
    intercepts: Vec<f64>,
    /// Row by row, a number for each class.
    weights: Vec<f64>,
}

impl Table {
    /// Reads a head of `feature` and the classes, a row of intercepts without a feature, and a row for each feature.
    ///
    /// # Errors
    /// Where the text is no such table, or holds what is no finite number; names `file` and the row.
    pub(super) fn parse(text: &str, file: &str) -> Result<Self, LexiconError> {
        let broken = |message: String| LexiconError::Parse { file: file.to_owned(), message };
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let head = table.headers().map_err(|e| broken(e.to_string()))?;
        let classes: Vec<String> = head.iter().skip(1).map(str::to_owned).collect();
        let (mut features, mut weights): (Vec<String>, Vec<f64>) = (Vec::new(), Vec::new());
        for row in table.records() {
            let row = row.map_err(|e| broken(e.to_string()))?;
            let feature = row.get(0).unwrap_or_default().to_owned();
            let numbers = row.iter().skip(1).map(|n| n.parse().ok().filter(|n: &f64| n.is_finite()));
            let Some(numbers) = numbers.collect::<Option<Vec<f64>>>() else {
                let message = "holds what is no number".to_owned();
                return Err(LexiconError::Entry { file: file.to_owned(), entry: feature, message });
            };
            features.push(feature);
            weights.extend(numbers);
        }
        if classes.is_empty() || features.first().is_none_or(|first| !first.is_empty()) {
            return Err(broken("no classes, or no row of intercepts (without a feature) below them".to_owned()));
        }
        features.remove(0);
        let intercepts = weights.drain(..classes.len()).collect();
        Ok(Self { classes, features, intercepts, weights })
    }

    /// The log-odds of each class for something that has these features, each given once by its row.
    pub(super) fn log_odds(&self, rows: impl Iterator<Item = usize>) -> Vec<f64> {
        let mut sums = vec![0.0; self.classes.len()];
        let mut features = 0.0_f64;
        for row in rows {
            features += 1.0;
            let weights = &self.weights[row * sums.len()..];
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
        }
        let length = features.max(1.0).sqrt();
        sums.iter().zip(&self.intercepts).map(|(sum, intercept)| sum / length + intercept).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_summed_up_and_scaled() {
        let table = Table::parse("feature,a,b\n,0.5,-0.5\nx,2.0,0.0\ny,0.0,4.0\n", "t.csv").unwrap();
        assert_eq!((table.classes.len(), table.features.as_slice()), (2, ["x".to_owned(), "y".to_owned()].as_slice()));
        assert_eq!(table.log_odds([].into_iter()), [0.5, -0.5]);
        assert_eq!(table.log_odds([0].into_iter()), [2.5, -0.5]);
        let both = table.log_odds([0, 1].into_iter());
        assert!((both[0] - (2.0 / 2f64.sqrt() + 0.5)).abs() < 1e-9, "{both:?}");
    }

    #[test]
    fn broken_tables_are_named() {
        for (table, named) in [
            ("", "t.csv"),
            ("feature,a\nx,1.0\n", "row of intercepts"),
            ("feature,a\n,0.0\nx,much\n", "entry x"),
            ("feature,a\n,0.0\nx,NaN\n", "entry x"),
            ("feature,a\n,0.0\nx,1.0,2.0\n", "t.csv"),
        ] {
            let message = Table::parse(table, "t.csv").unwrap_err().to_string();
            assert!(message.contains(named), "{table:?}: {message}");
        }
    }
}
