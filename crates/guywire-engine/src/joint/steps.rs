//! Joints ready to be computed: what can be decided once is decided when the model is built.

use super::{Axis, Joint, Law};
use guywire_math::{Function, Mat3, Multivariate, Pose, Real, Vec3};
use std::ops::Range;

/// A joint ready to be computed: constants folded into the frames, axes along x, y, z told apart.
#[derive(Clone, Debug)]
pub(crate) struct Steps {
    /// Frame on the parent (`X_PF`; on the child when reversed, `X_BM`), constant displacements included.
    pub base: Pose<f64>,
    /// Whether the rotation of `base` is the identity.
    pub base_aligned: bool,
    /// From the moved frame to the child (`X_BM⁻¹`; to the parent when reversed, `X_PF⁻¹`).
    pub tip: Pose<f64>,
    /// Whether the rotation of `tip` is the identity.
    pub tip_aligned: bool,
    /// Translations, then rotations.
    pub slides: Vec<Step>,
    /// Rotations in order.
    pub turns: Vec<Step>,
    /// First slot of the translations, which come after those of the rotations.
    pub first_slide: usize,
    /// Whether no axis bends.
    pub straight: bool,
    /// See [`Joint::reversed`].
    pub reversed: bool,
    /// How Simbody's acceleration differs, where it does.
    pub departure: Option<Departure>,
}

/// Which slots Simbody takes the velocity of the second and the third axis from, beyond those that turn it (1), and which of these it
/// forgets (−1); see [`Joint::mobilities`].
#[derive(Clone, Debug)]
pub(crate) struct Departure {
    /// For the second and the third axis: slot and sign.
    pub carriers: [Vec<(usize, f64)>; 2],
    /// Slots of the second and of the third axis.
    pub carried: [Range<usize>; 2],
}

impl Departure {
    fn of(joint: &Joint, first_slot: usize) -> Option<Self> {
        let &first = joint.mobilities.first()?;
        let [a, b, c] = &joint.rotations[..] else { return None };
        let mut end = first_slot;
        let [a, b, c] = [a, b, c].map(|axis| {
            let start = end;
            end += axis.law.coordinates().len();
            start..end
        });
        let coordinates: Vec<usize> =
            joint.rotations.iter().flat_map(|axis| axis.law.coordinates().iter().copied()).collect();
        let signs = |takes: &dyn Fn(usize) -> bool, turns: Range<usize>| -> Vec<(usize, f64)> {
            let all = coordinates.iter().enumerate().map(|(k, &c)| (first_slot + k, c));
            all.filter_map(|(slot, c)| match (takes(c), turns.contains(&slot)) {
                (true, false) => Some((slot, 1.0)),
                (false, true) => Some((slot, -1.0)),
                _ => None,
            })
            .collect()
        };
        let mut carriers = [
            signs(&|coordinate| coordinate == first, a.clone()),
            signs(&|coordinate| joint.mobilities.get(2) != Some(&coordinate), a.start..b.end),
        ];
        let carried = [b, c];
        for (carriers, carried) in carriers.iter_mut().zip(&carried) {
            if carried.is_empty() {
                carriers.clear();
            }
        }
        (carriers.iter().any(|c| !c.is_empty())).then_some(Self { carriers, carried })
    }

    /// What Simbody adds to the angular acceleration.
    pub(crate) fn angular<T: Real>(&self, moved: impl Fn(usize) -> Vec3<T>) -> Vec3<T> {
        let mut sum = Vec3::zero();
        for (carriers, carried) in self.carriers.iter().zip(&self.carried) {
            let mut carrier = Vec3::zero();
            for &(slot, sign) in carriers {
                carrier += moved(slot) * sign;
            }
            let mut turned = Vec3::zero();
            for slot in carried.clone() {
                turned += moved(slot);
            }
            sum += carrier.cross(turned);
        }
        sum
    }
}

/// One axis of a joint ready to be computed.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Unit direction.
    pub direction: Vec3<f64>,
    /// 0, 1, 2 when the direction is x, y or z.
    pub principal: Option<u8>,
    /// Angle or distance.
    pub law: Law,
    /// The coordinate that is the angle or distance itself, if so.
    pub direct: Option<u32>,
    /// First slot; one a coordinate.
    pub slot: usize,
    /// Whether its second derivative is OpenSim's wrong one; see [`Joint::mobilities`].
    pub departs: bool,
}

impl Steps {
    pub(crate) fn of(joint: &Joint, first_slot: usize) -> Self {
        let (base, end) = if joint.reversed {
            (joint.in_child, joint.in_parent)
        } else {
            (joint.in_parent, joint.in_child)
        };
        let mut slot = first_slot;
        let mut steps = |axes: &[Axis], constants_too: bool| -> Vec<Step> {
            let mut steps = Vec::new();
            for Axis { direction, law } in axes {
                if constants_too || !matches!(law, Law::Constant(_)) {
                    let unit = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
                    steps.push(Step {
                        direction: *direction,
                        principal: unit.iter().position(|u| direction.to_array() == *u).map(|i| i as u8),
                        direct: match law {
                            Law::Of([c], function) if *function == Function::IDENTITY => Some(*c as u32),
                            _ => None,
                        },
                        law: law.clone(),
                        slot,
                        departs: !joint.mobilities.is_empty()
                            && matches!(law, Law::OfSeveral(_, Multivariate::Polynomial { .. })),
                    });
                }
                slot += law.coordinates().len();
            }
            steps
        };
        let mut turns = steps(&joint.rotations, true);
        turns.retain(|s| !matches!(s.law, Law::Constant(0.0)));
        let turning: usize = joint.rotations.iter().map(|a| a.law.coordinates().len()).sum();
        let slides = steps(&joint.translations, false);
        let mut shift = Vec3::zero();
        for axis in &joint.translations {
            if let Law::Constant(distance) = axis.law {
                shift += axis.direction * distance;
            }
        }
        let base = Pose { rotation: base.rotation, position: base.point(shift) };
        // A constant turn after all others is part of the frame that is moved.
        let mut last = Mat3::identity();
        while let Some(Step { law: Law::Constant(angle), direction, .. }) = turns.last() {
            last = Mat3::rotation(*direction, *angle) * last;
            turns.pop();
        }
        let tip = Pose { rotation: last, position: Vec3::zero() } * end.inverse();
        let aligned = |pose: &Pose<f64>| pose.rotation == Mat3::identity();
        Self {
            base_aligned: aligned(&base),
            tip_aligned: aligned(&tip),
            straight: slides.iter().chain(&turns).all(|s| s.law.is_straight()),
            first_slide: first_slot + turning,
            reversed: joint.reversed,
            departure: Departure::of(joint, first_slot),
            base,
            tip,
            slides,
            turns,
        }
    }
}
