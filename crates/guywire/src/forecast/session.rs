//! What is done beside the week: sessions, solved on one body and told for similar ones.
//!
//! A session is solved on the most probable body. A similar body is taken to do it in the same pose with the same
//! activations; fibre lengths and passive forces follow from its own muscles over the same paths.

use crate::adaptation::Exposure;
use crate::study::Digest;
use guywire_engine::Muscle;

/// Something that is done every week for some weeks.
#[derive(Clone, Debug)]
pub struct Session {
    /// In words.
    pub words: String,
    /// First week in which it is done, from 1.
    pub from: usize,
    /// Last week in which it is done.
    pub until: usize,
    /// What a week of it does to the body that it was solved on.
    pub exposure: Exposure,
    /// Length of every muscle's path in every phase, m: the bouts of a muscle are in the order of the phases.
    pub path_lengths: Vec<Vec<f64>>,
}

impl Session {
    /// A digest of what decides what it does.
    pub(super) fn digest(&self, digest: Digest) -> Digest {
        let weeks = [self.from as f64, self.until as f64];
        let digest = digest.with_numbers(&weeks);
        let muscles = self.exposure.muscles.iter().fold(digest, |digest, bouts| {
            let numbers = bouts
                .iter()
                .flat_map(|b| [b.hours, b.bouts, b.normalized_fiber_length, b.activation, b.passive_force]);
            let deeds: Vec<u8> = bouts.iter().map(|b| b.deed as u8).collect();
            digest.with_numbers(&numbers.collect::<Vec<_>>()).with(&deeds)
        });
        self.path_lengths.iter().fold(muscles, |digest, lengths| digest.with_numbers(lengths))
    }

    /// Whether it is done in a week, counted from 1.
    pub fn is_done_in(&self, week: usize) -> bool {
        (self.from..=self.until).contains(&week)
    }

    /// What a week of it does to a body with these muscles, of which only a share is done.
    pub fn on(&self, muscles: &[Muscle], share: f64) -> Exposure {
        let mut exposure = self.exposure.clone();
        for (m, (bouts, muscle)) in exposure.muscles.iter_mut().zip(muscles).enumerate() {
            for (bout, lengths) in bouts.iter_mut().zip(&self.path_lengths) {
                let at = muscle.parameters.rigid_tendon(lengths[m]);
                bout.normalized_fiber_length = at.norm_fiber_length;
                bout.passive_force = at.passive_force.max(0.0) / muscle.parameters.max_isometric_force;
                bout.hours *= share;
                bout.bouts *= share;
            }
        }
        for bout in exposure.discs.iter_mut().flatten() {
            bout.hours *= share;
        }
        exposure
    }
}
