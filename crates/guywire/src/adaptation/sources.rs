//! Where the rates come from.

use super::rates::{Known, KnownRates, Rate};
use super::state::Mechanism;
use crate::evidence::{self, Published};
use crate::results::RateSource;
use guywire_math::random::Z90;

impl Rate {
    /// The mechanism whose law it is part of; eccentric lengthening counts its sets as strength does.
    pub const fn mechanism(self) -> Mechanism {
        match self {
            Rate::LengthWeeks | Rate::LengthShare | Rate::StretchWeight | Rate::EccentricGain => {
                Mechanism::Length
            }
            Rate::TrainingSets
            | Rate::TrainingThreshold
            | Rate::NeuralGain
            | Rate::NeuralWeeks
            | Rate::NeuralLossWeeks
            | Rate::SizeGain
            | Rate::SizeWeeks
            | Rate::SizeLossWeeks
            | Rate::DisuseLoss
            | Rate::DisuseWeeks => Mechanism::Strength,
            Rate::ToleranceGain
            | Rate::ToleranceWeeks
            | Rate::ToleranceLossWeeks
            | Rate::ToleranceMinutes
            | Rate::FeltForce => Mechanism::Tolerance,
            Rate::ReleaseGain
            | Rate::ReleaseSeconds
            | Rate::ReleaseMinutes
            | Rate::HoldGain
            | Rate::HoldSeconds
            | Rate::HoldMinutes => Mechanism::Release,
            Rate::StiffnessGain | Rate::StiffnessWeeks => Mechanism::Stiffness,
            Rate::ToneGain | Rate::ToneWeeks => Mechanism::Tone,
        }
    }
}

impl KnownRates {
    /// Where each of everybody's rates comes from, in the order of [`Rate::ALL`].
    ///
    /// # Errors
    /// When the table of measurements is not what it should be.
    pub fn sources(&self) -> Result<Vec<RateSource>, toml::de::Error> {
        let published = evidence::published(evidence::TEXT)?;
        let told = |known: &Known| {
            let mut cites: Vec<String> = Vec::new();
            let words = known.source.split(' ').map(|word| {
                let key = word.trim_end_matches([',', ':']);
                let Some(Published { quantity, cite }) = published.get(key) else { return word.to_owned() };
                if !cites.contains(cite) {
                    cites.push(cite.clone());
                }
                word.replace(key, quantity)
            });
            let source = words.collect::<Vec<_>>().join(" ");
            let at = |score: f64| known.median * libm::exp(known.spread * score);
            RateSource {
                name: known.rate.name().to_owned(),
                words: known.rate.words().to_owned(),
                mechanism: known.rate.mechanism().name().to_owned(),
                unit: known.unit.clone(),
                range: [-Z90, 0.0, Z90].map(at),
                source,
                published: cites,
            }
        };
        Ok(self.list().iter().map(told).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rate that is not assumed names a publication, and none names a key where words are expected.
    #[test]
    fn rates_that_were_measured_name_who_published() {
        let known = KnownRates::read().unwrap();
        let told = known.sources().unwrap();
        assert_eq!(told.len(), Rate::ALL.len());
        for rate in &told {
            assert_eq!(rate.published.is_empty(), rate.source.starts_with("assumed"), "{rate:?}");
            assert!(rate.range[0] < rate.range[1] && rate.range[1] < rate.range[2], "{rate:?}");
        }
        let weeks = &told[0];
        assert_eq!((&*weeks.name, &*weeks.mechanism, weeks.range[1]), ("length_weeks", "length", 1.33));
        assert!(weeks.published[0].contains("Tabary"), "{weeks:?}");
        assert!(weeks.source.starts_with("calibrated: time for sarcomere number"), "{weeks:?}");
        let keys = evidence::published(evidence::TEXT).unwrap();
        let is_key = |word: &str| keys.contains_key(word.trim_end_matches([',', ':']));
        assert!(told.iter().all(|rate| !rate.source.split(' ').any(is_key)), "{told:?}");
    }
}
