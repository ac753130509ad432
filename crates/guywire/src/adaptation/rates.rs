//! How fast and how far tissue follows: every rate of `data/adaptation.toml`, with what is not known of it.
//!
//! A rate is positive and its logarithm normal. It moves by a standard score, so that a fit of later visits can look for a
//! person's own rates as it looks for their tissue, with `N(0, 1)` before anything is known:
//!
//! ```text
//! rate = median · exp(spread · score)
//! ```
//!
//! Of one person's own rates more may be known ([`KnownRates::sharpened`]): their scores are then normal about another middle,
//! with another covariance.

use super::growth::Velocity;
use super::own::Own;
use super::state::WEEK_HOURS;
use guywire_math::Random;
use serde::Deserialize;
use std::ops::Index;

/// The table of rates is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("data/adaptation.toml, line {line}: {problem}")]
pub struct RatesError {
    /// Line of the file.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

macro_rules! rates {
    ($(#[doc = $doc:literal] $rate:ident = $name:literal,)*) => {
        /// A rate; where it comes from stands in the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rate { $(#[doc = $doc] $rate,)* }

        impl Rate {
            /// All of them, in the order of their scores.
            pub const ALL: &[Rate] = &[$(Rate::$rate,)*];

            /// Name in the table.
            pub const fn name(self) -> &'static str {
                match self { $(Rate::$rate => $name,)* }
            }

            /// What it is, in words.
            pub const fn words(self) -> &'static str {
                match self { $(Rate::$rate => $doc,)* }.trim_ascii()
            }
        }
    };
}

rates! {
    /// Weeks in which fibres go 63 % of the way to their target.
    LengthWeeks = "length_weeks",
    /// Share of the way that time at a length asks for.
    LengthShare = "length_share",
    /// How much more an hour counts at a passive force of the greatest active force.
    StretchWeight = "stretch_weight",
    /// Lengthening that eccentric work comes to.
    EccentricGain = "eccentric_gain",
    /// Full sets a week at which 63 % of what training can give is asked for.
    TrainingSets = "training_sets",
    /// Activation from which on a set counts.
    TrainingThreshold = "training_threshold",
    /// Logarithm of strength that practice comes to.
    NeuralGain = "neural_gain",
    /// Weeks of gaining it.
    NeuralWeeks = "neural_weeks",
    /// Weeks of losing it.
    NeuralLossWeeks = "neural_loss_weeks",
    /// Logarithm of strength that growing muscle comes to.
    SizeGain = "size_gain",
    /// Weeks of gaining it.
    SizeWeeks = "size_weeks",
    /// Weeks of losing it.
    SizeLossWeeks = "size_loss_weeks",
    /// Share of strength lost when a muscle is not used at all.
    DisuseLoss = "disuse_loss",
    /// Weeks of losing it, and of getting it back.
    DisuseWeeks = "disuse_weeks",
    /// Logarithm of the tolerated moment that stretching comes to.
    ToleranceGain = "tolerance_gain",
    /// Weeks of gaining it.
    ToleranceWeeks = "tolerance_weeks",
    /// Weeks of losing it.
    ToleranceLossWeeks = "tolerance_loss_weeks",
    /// Minutes a week at which 63 % of it is asked for.
    ToleranceMinutes = "tolerance_minutes",
    /// Passive over greatest active force at which a stretch counts half.
    FeltForce = "felt_force",
    /// Logarithm of the tolerated moment after rolling.
    ReleaseGain = "release_gain",
    /// Seconds of rolling for 63 % of it.
    ReleaseSeconds = "release_seconds",
    /// Minutes in which it fades to 37 %.
    ReleaseMinutes = "release_minutes",
    /// Logarithm of the tolerated moment right after a stretch.
    HoldGain = "hold_gain",
    /// Seconds of stretch for 63 % of it.
    HoldSeconds = "hold_seconds",
    /// Minutes in which it fades to 37 %.
    HoldMinutes = "hold_minutes",
    /// Share of passive stiffness that stretching takes away.
    StiffnessGain = "stiffness_gain",
    /// Weeks of that.
    StiffnessWeeks = "stiffness_weeks",
    /// Resting tone by mean activation above the usual.
    ToneGain = "tone_gain",
    /// Weeks of that.
    ToneWeeks = "tone_weeks",
}

/// How many there are.
const COUNT: usize = Rate::ALL.len();

/// What is known of a rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Which.
    pub rate: Rate,
    /// Middle of its distribution, in the unit.
    pub median: f64,
    /// Standard deviation of its logarithm.
    pub spread: f64,
    /// Its unit, in words.
    pub unit: String,
    /// Where both come from.
    pub source: String,
    /// What else stands behind it.
    pub note: String,
}

/// Hours a week that adults spend at something.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    /// One of `data/activities.toml`.
    pub activity: String,
    /// Hours a week.
    pub hours: f64,
    /// Where the number comes from.
    pub source: String,
}

/// What is known of all rates.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownRates {
    list: Vec<Known>,
    usual: Vec<Spent>,
    velocity: [Velocity; 2],
    own: Option<Own>,
}

/// A value for every rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    values: [f64; COUNT],
    velocity: [Velocity; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: u32,
    rate: Vec<toml::Spanned<Row>>,
    usual: Vec<Spent>,
    growth: Growth,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    median: f64,
    spread: f64,
    unit: String,
    source: String,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Growth {
    #[serde(rename = "source")]
    _source: String,
    male: Velocity,
    female: Velocity,
}

impl KnownRates {
    /// Reads the table built into the program.
    ///
    /// # Errors
    /// When it is not what it should be.
    pub fn read() -> Result<Self, RatesError> {
        Self::from_text(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/adaptation.toml")))
    }

    fn from_text(text: &str) -> Result<Self, RatesError> {
        let refuse =
            |at: usize, problem: String| RatesError { line: 1 + text[..at].matches('\n').count(), problem };
        let file: File = toml::from_str(text)
            .map_err(|e| refuse(e.span().map_or(0, |s| s.start), e.message().to_owned()))?;
        let mut found: Vec<Known> = Vec::new();
        for row in file.rate {
            let at = row.span().start;
            let row = row.into_inner();
            let rate = Rate::ALL.iter().copied().find(|rate| rate.name() == row.name);
            let rate = rate.ok_or_else(|| refuse(at, format!("there is no rate `{}`", row.name)))?;
            if found.iter().any(|known| known.rate == rate) {
                return Err(refuse(at, format!("`{}` is given twice", row.name)));
            }
            let usable = row.median > 0.0 && row.median.is_finite() && (0.0..=3.0).contains(&row.spread);
            if !usable {
                let problem = "expected a positive median and a spread between 0 and 3";
                return Err(refuse(at, format!("`{}`: {problem}", row.name)));
            }
            let Row { median, spread, unit, source, note, .. } = row;
            found.push(Known { rate, median, spread, unit, source, note });
        }
        let in_order = Rate::ALL.iter().map(|rate| {
            let known = found.iter().find(|known| known.rate == *rate).cloned();
            known.ok_or_else(|| refuse(0, format!("`{}` is missing", rate.name())))
        });
        let list = in_order.collect::<Result<_, RatesError>>()?;
        let velocity = [file.growth.male, file.growth.female];
        if let Some(wrong) = velocity.iter().find_map(Velocity::wrong) {
            return Err(refuse(0, format!("growth: {wrong}")));
        }
        if file.usual.iter().map(|spent| spent.hours).sum::<f64>() > WEEK_HOURS {
            return Err(refuse(0, "the usual week has more than 168 hours".to_owned()));
        }
        Ok(Self { list, usual: file.usual, velocity, own: None })
    }

    /// The same, of a person of whom more is known.
    pub(super) fn with(self, own: Own) -> Self {
        Self { own: Some(own), ..self }
    }

    /// What more is known of a person.
    pub(super) fn own(&self) -> Option<&Own> {
        self.own.as_ref()
    }

    /// What is known of each, in the order of [`Rate::ALL`].
    pub fn list(&self) -> &[Known] {
        &self.list
    }

    /// Where adults spend the hours of their week.
    pub fn usual(&self) -> &[Spent] {
        &self.usual
    }

    /// The middle of everything.
    pub fn median(&self) -> Rates {
        self.probable()
    }

    /// Rates at standard scores, in the order of [`Rate::ALL`]; scores that are not given are 0.
    pub fn at(&self, scores: &[f64]) -> Rates {
        let mut values = [0.0; COUNT];
        for (k, known) in self.list.iter().enumerate() {
            let score = scores.get(k).copied().unwrap_or(0.0);
            values[k] = known.median * libm::exp(known.spread * score);
        }
        Rates { values, velocity: self.velocity }
    }

    /// The standard scores of member `member` of a seed.
    pub fn scores(&self, seed: u64, member: u64) -> Vec<f64> {
        let mut random = Random::new(seed, member);
        let normal: Vec<f64> = (0..COUNT).map(|_| random.normal()).collect();
        match &self.own {
            Some(own) => own.at(&normal),
            None => normal,
        }
    }

    /// The rates of member `member` of a seed: the same however many there are.
    pub fn drawn(&self, seed: u64, member: u64) -> Rates {
        self.at(&self.scores(seed, member))
    }
}

impl Index<Rate> for Rates {
    type Output = f64;

    fn index(&self, rate: Rate) -> &f64 {
        &self.values[rate as usize]
    }
}

impl Rates {
    /// How boys and girls grow.
    pub(super) const fn velocity(&self, is_male: bool) -> &Velocity {
        let [male, female] = &self.velocity;
        if is_male { male } else { female }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_move_by_their_scores() {
        let known = KnownRates::read().unwrap();
        let median = known.median();
        for (k, rate) in known.list().iter().enumerate() {
            assert_eq!(median[rate.rate], rate.median);
            let mut scores = vec![0.0; COUNT];
            scores[k] = 1.0;
            let moved = known.at(&scores)[rate.rate] / rate.median;
            assert!((moved - rate.spread.exp()).abs() < 1e-12, "{:?}", rate.rate);
        }
        assert_eq!(known.drawn(1, 3), known.drawn(1, 3));
        assert_ne!(known.drawn(1, 3), known.drawn(1, 4));
    }

    #[test]
    fn rates_have_words() {
        assert_eq!(Rate::LengthWeeks.words(), "Weeks in which fibres go 63 % of the way to their target.");
    }

    /// Every rate says where it comes from: an entry of the evidence of the right use, or that it is assumed.
    #[test]
    fn rates_have_sources() {
        let evidence =
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/evidence/measurements.toml"));
        let uses: toml::Table = evidence.parse().unwrap();
        let entries = uses["m"].as_array().unwrap();
        for known in KnownRates::read().unwrap().list() {
            let source = &known.source;
            if source.starts_with("assumed") {
                continue;
            }
            let named = source.split([' ', ',', ':']).filter_map(|word| {
                entries.iter().find(|m| m["id"].as_str() == Some(word)).map(|m| m["use"].as_str())
            });
            let named: Vec<_> = named.collect();
            assert!(!named.is_empty(), "{:?}: `{source}` names no measurement", known.rate);
            assert!(named.iter().all(|u| *u == Some("calibrate")), "{:?}: `{source}`", known.rate);
        }
    }

    #[test]
    fn mistakes_have_a_line() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/adaptation.toml"));
        let with = |from: &str, to: &str| {
            KnownRates::from_text(&text.replacen(from, to, 1)).unwrap_err().to_string()
        };
        let line = 1 + text[..text.find("[[rate]]\nname = \"length_weeks\"").unwrap()].matches('\n').count();
        let at = |problem: &str| format!("data/adaptation.toml, line {line}: {problem}");
        assert_eq!(with("\"length_weeks\"", "\"length_days\""), at("there is no rate `length_days`"));
        let wrong = "`length_weeks`: expected a positive median and a spread between 0 and 3";
        assert_eq!(with("median = 1.33", "median = -1.33"), at(wrong));
        assert!(with("median = 1.33", "median = x").contains(&format!("line {}", line + 2)));
    }
}
