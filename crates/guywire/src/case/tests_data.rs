//! The clinical tests that a visit may hold: `data/tests.toml`.

use super::Vocabulary;
use super::vocabulary::nearest;
use serde::Deserialize;

/// One clinical test: what is read, in which sign and with which error.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TestVocabulary {
    /// Name as written in case files.
    pub name: String,
    /// Name in words.
    pub title: String,
    /// What examiners call it; recognised, not read.
    #[serde(default)]
    pub also: Vec<String>,
    /// What it measures, which decides how soon it can change.
    pub kind: TestKind,
    /// Whether it is read left and right.
    pub sides: bool,
    /// `deg`, `cm`, `mm`, `N*m` or `s`.
    pub unit: String,
    /// Lowest and highest reading that a person can have.
    pub possible: [f64; 2],
    /// What the number is and which way is more.
    pub convention: String,
    /// Where most adults lie, if known well enough to ask about a sign.
    pub usual: Option<[f64; 2]>,
    /// Standard error of measurement between examiners.
    pub sem: f64,
    /// Where it comes from.
    pub sem_source: String,
    /// Smallest change between two examiners' readings that is no error, at 95 %.
    pub mdc: f64,
    /// Where it comes from.
    pub mdc_source: String,
    /// As `sem`, of one examiner.
    pub sem_same: Option<f64>,
    /// As `mdc`, of one examiner.
    pub mdc_same: Option<f64>,
    /// Where both come from.
    pub same_source: Option<String>,
    /// A difference between the sides that makes the reader ask.
    pub side_difference: Option<f64>,
    /// Ways to do it that change the reading.
    #[serde(default)]
    pub protocols: Vec<String>,
    /// Other ways to count it.
    #[serde(default)]
    pub other: Vec<OtherConvention>,
}

/// What a test measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// How far a joint can be moved.
    Range,
    /// How the person stands.
    Posture,
    /// Length of bones.
    Bone,
    /// Largest moment.
    Strength,
    /// Time until tired.
    Endurance,
}

impl TestKind {
    /// The name as written in the data.
    pub const fn name(self) -> &'static str {
        match self {
            TestKind::Range => "range",
            TestKind::Posture => "posture",
            TestKind::Bone => "bone",
            TestKind::Strength => "strength",
            TestKind::Endurance => "endurance",
        }
    }
}

/// Another way to count the same thing: ours = `plus` + `factor` · theirs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[allow(missing_docs, reason = "see the type")]
pub struct OtherConvention {
    pub words: String,
    pub factor: f64,
    pub plus: f64,
}

/// The built-in list of tests that cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("data/tests.toml: {0}")]
pub struct TestsError(String);

impl TestVocabulary {
    /// All tests of the built-in list, in its order.
    ///
    /// # Errors
    /// When the list is not as its head says.
    pub fn all() -> Result<Vec<TestVocabulary>, TestsError> {
        #[derive(Deserialize)]
        struct List {
            test: Vec<TestVocabulary>,
        }
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/tests.toml"));
        let list: List = toml::from_str(text).map_err(|error| TestsError(error.to_string()))?;
        Ok(list.test)
    }

    /// Whether a person can have this reading.
    pub fn holds(&self, value: f64) -> bool {
        (self.possible[0]..=self.possible[1]).contains(&value)
    }

    /// The error between examiners in two parts, in the unit, where that of one examiner was measured: what an examiner
    /// always does (how they find landmarks, how hard they push), and what one reading of theirs errs by beside.
    /// Squares of both add up to that of [`sem`](Self::sem).
    pub fn errors(&self) -> Option<(f64, f64)> {
        let derived = |mdc: f64| mdc / (1.96 * std::f64::consts::SQRT_2);
        let same = self.sem_same.or(self.mdc_same.map(derived))?.min(self.sem);
        Some((libm::sqrt(self.sem * self.sem - same * same), same))
    }

    /// The unit as printed behind a number.
    pub fn symbol(&self) -> &str {
        match self.unit.as_str() {
            "deg" => "°",
            "N*m" => " N·m",
            "cm" => " cm",
            "mm" => " mm",
            "s" => " s",
            other => other,
        }
    }
}

impl Vocabulary {
    /// The test that `name` was meant to be: by what examiners call it, or by its letters.
    fn nearest_test(&self, name: &str) -> Option<&str> {
        let called =
            || self.tests.iter().flat_map(|test| test.also.iter().map(move |also| (also.as_str(), test)));
        let known: Vec<&str> =
            self.tests.iter().map(|test| test.name.as_str()).chain(called().map(|(also, _)| also)).collect();
        let found = nearest(name, known)?;
        Some(called().find(|(also, _)| *also == found).map_or(found, |(_, test)| test.name.as_str()))
    }

    /// The clinical test named `name`, or what was most likely meant if there is none.
    ///
    /// # Errors
    /// The name that was most likely meant, if any is near.
    pub fn test_or_nearest(&self, name: &str) -> Result<&TestVocabulary, Option<&str>> {
        self.test(name).ok_or_else(|| self.nearest_test(name))
    }

    /// The test named `name`.
    pub fn test(&self, name: &str) -> Option<&TestVocabulary> {
        self.tests.iter().find(|test| test.name == name)
    }
}
