//! What a reader of the results must know about the person before anything else.

use super::{Case, Person};

/// Below this age a body is not a small adult's.
const ADULT_AGE: f64 = 18.0;

/// Adult body mass indices between which mass distribution follows the reference body well enough:
/// the outer classes of WHO 2000 (Technical Report 894), severe thinness and obesity class II.
const USUAL_BODY_MASS_INDEX: std::ops::Range<f64> = 16.0..35.0;

impl Person {
    /// Body mass index in kg/m².
    pub fn body_mass_index(&self) -> f64 {
        let height_m = self.height_cm / 100.0;
        self.mass_kg / (height_m * height_m)
    }
}

impl Case {
    /// What the reader must know before the numbers, in whole sentences.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let bmi = self.person.body_mass_index();
        if self.person.age < ADULT_AGE {
            warnings.push(format!(
                "{} is {} years old. The body is an adult's scaled to height and mass; a child's muscle strength, \
                 proportions and growth plates do not scale like that, so read the changes rather than the values. \
                 Hip, groin, knee or heel pain in a growing child needs an examination before any exercise.",
                self.person.name, self.person.age
            ));
        } else if !USUAL_BODY_MASS_INDEX.contains(&bmi) {
            warnings.push(format!(
                "The body mass index is {bmi:.1} kg/m². The model spreads mass over the body as in people of \
                 {:.0} to {:.0} kg/m²; outside, the trunk's weight and its lever on the spine are less certain.",
                USUAL_BODY_MASS_INDEX.start, USUAL_BODY_MASS_INDEX.end
            ));
        }
        if self.tissue.reciprocal_inhibition > 0.0 {
            warnings.push(format!(
                "Reciprocal inhibition is on (gain {}). That a tense muscle keeps its antagonist weak as a lasting \
                 state is a hypothesis with little evidence for it; every number here depends on it.",
                self.tissue.reciprocal_inhibition
            ));
        }
        warnings
    }
}
