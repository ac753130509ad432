//! A stretching programme of the literature: the fibres of a group, lengthened until a test reads as much more as it did there.
//!
//! What the study then saw elsewhere, in standing or in another test, is left to the model.

use super::predict::{Field, Prediction};
use crate::body::{Body, ReferenceBody};
use crate::case::{Property, Setting, Target, Tissue};
use crate::examination::{Protocols, Trial};
use crate::posture::Positions;
use crate::side::Side;

/// Shortest and longest fibres that are tried, over those of the reference.
const FACTORS: [f64; 2] = [0.7, 1.5];
/// How closely the gain is met, in the unit of the test.
const MET: f64 = 1e-6;
/// Most trials.
const TRIALS: usize = 60;

/// Who is stretched, and how they are examined.
pub(super) struct Room<'r> {
    /// The body before.
    pub reference: &'r ReferenceBody,
    /// Where tests are done.
    pub positions: &'r Positions,
    /// How tests are done.
    pub protocols: &'r Protocols,
}

impl Room<'_> {
    /// What a test reads on the right side.
    fn reading(&self, test: &str, tissue: &Tissue) -> Result<f64, String> {
        let body: Body = self.reference.unscaled_with(tissue).map_err(|e| e.to_string())?;
        let protocol = self.protocols.get(test, None).map_err(|e| e.to_string())?;
        let trial = Trial { protocol, side: Side::Right, tolerance: 1.0 };
        Ok(trial.reading(&body, self.positions, None).map_err(|e| e.to_string())?.0)
    }
}

/// Which fibres are lengthened, and by how much.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// A tissue group, on both sides.
    pub group: String,
    /// The test that tells.
    pub test: String,
    /// By how much it reads more afterwards.
    pub gain: f64,
}

/// What is asked of the stretched body.
#[derive(Clone, Debug)]
pub(super) enum After {
    /// The change of a measure of a position.
    Measure { position: String, field: Field },
    /// The change of another test's reading.
    Reading { test: String },
}

impl Stretch {
    /// The question once the lengthening is known.
    pub fn question(&self, room: &Room<'_>, after: &After) -> Prediction {
        let answered = || -> Result<Prediction, String> {
            let length = self.length(room)?;
            Ok(match after {
                After::Measure { position, field } => Prediction::TissueEffect {
                    change: self.setting(length),
                    position: position.clone(),
                    field: *field,
                },
                After::Reading { test } => {
                    let change = self.reading(room, test, length)? - self.reading(room, test, 1.0)?;
                    Prediction::Known(Ok(change))
                }
            })
        };
        answered().unwrap_or_else(|why| Prediction::Known(Err(why)))
    }

    fn setting(&self, value: f64) -> Setting {
        let target = Target::Group(self.group.clone());
        Setting { target, side: None, property: Property::Length, value }
    }

    /// What a test reads with fibres of this length.
    fn reading(&self, room: &Room<'_>, test: &str, length: f64) -> Result<f64, String> {
        room.reading(test, &Tissue { settings: vec![self.setting(length)], ..Tissue::default() })
    }

    /// The length at which the test reads `gain` more: secants, kept between what reads less and what reads more (the method
    /// of false position with the kept end's weight halved, Dowell and Jarratt 1971, BIT 11:168).
    fn length(&self, room: &Room<'_>) -> Result<f64, String> {
        let usual = self.reading(room, &self.test, 1.0)?;
        let miss = |length: f64| -> Result<f64, String> {
            Ok(self.reading(room, &self.test, length)? - usual - self.gain)
        };
        let (mut kept, mut kept_miss) = (1.0, -self.gain);
        let mut last = FACTORS[1];
        let mut last_miss = miss(last)?;
        if last_miss.signum() == kept_miss.signum() {
            last = FACTORS[0];
            last_miss = miss(last)?;
        }
        if last_miss.signum() == kept_miss.signum() {
            return Err(format!("no length of `{}` changes `{}` by {}", self.group, self.test, self.gain));
        }
        for _ in 0..TRIALS {
            let next = (kept * last_miss - last * kept_miss) / (last_miss - kept_miss);
            let next_miss = miss(next)?;
            if next_miss.abs() < MET {
                return Ok(next);
            }
            if next_miss.signum() == last_miss.signum() {
                kept_miss *= 0.5;
            } else {
                (kept, kept_miss) = (last, last_miss);
            }
            (last, last_miss) = (next, next_miss);
        }
        Err(format!("`{}` does not settle where `{}` is lengthened", self.test, self.group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(test: &str, gain: f64) -> Stretch {
        Stretch { group: "hamstrings".to_owned(), test: test.to_owned(), gain }
    }

    #[test]
    fn fibres_are_as_long_as_the_gain_asks() {
        let (reference, positions) = (ReferenceBody::adult().unwrap(), Positions::read().unwrap());
        let protocols = Protocols::read().unwrap();
        let room = Room { reference: &reference, positions: &positions, protocols: &protocols };
        for (test, gain) in
            [("straight_leg_raise", 5.0), ("passive_knee_extension", -4.0), ("straight_leg_raise", -3.0)]
        {
            let stretch = stretch(test, gain);
            let length = stretch.length(&room).unwrap();
            let read = |length: f64| stretch.reading(&room, test, length).unwrap();
            assert!((read(length) - read(1.0) - gain).abs() < MET, "{test}: {length}");
            let longer = (test == "straight_leg_raise") == (gain > 0.0);
            assert_eq!(length > 1.0, longer, "{test}, {gain}: {length}");
        }
    }

    #[test]
    fn what_no_length_gives_is_said() {
        let (reference, positions) = (ReferenceBody::adult().unwrap(), Positions::read().unwrap());
        let protocols = Protocols::read().unwrap();
        let room = Room { reference: &reference, positions: &positions, protocols: &protocols };
        let why = stretch("straight_leg_raise", 200.0).length(&room).unwrap_err();
        assert_eq!(why, "no length of `hamstrings` changes `straight_leg_raise` by 200");
    }
}
