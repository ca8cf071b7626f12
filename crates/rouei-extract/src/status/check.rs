use super::StatusLexicon;
use super::lexicon::Cue;

impl StatusLexicon {
    /// Runs the examples and counterexamples of every entry, each as one sentence; one line for each that does not hold.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let mut out = Vec::new();
        self.open.iter().for_each(|cue| cue.check(&mut out));
        self.skip.iter().for_each(|cue| cue.check(&mut out));
        self.leak.iter().for_each(|cue| cue.check(&mut out));
        self.event.iter().for_each(|cue| cue.check(&mut out));
        self.stage.iter().for_each(|cue| cue.check(&mut out));
        out
    }
}

impl<T> Cue<T> {
    fn check(&self, out: &mut Vec<String>) {
        let id = &self.id;
        if self.examples.is_empty() || self.counterexamples.is_empty() {
            out.push(format!("{id}: needs examples and counterexamples"));
        }
        let found = |example: &&String| self.matches(example).is_some();
        out.extend(self.examples.iter().filter(|e| !found(e)).map(|e| format!("{id}: misses {e:?}")));
        out.extend(self.counterexamples.iter().filter(found).map(|e| format!("{id}: finds {e:?}")));
    }
}
