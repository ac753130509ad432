//! Mathematics that knows no body: scalars that carry exact derivatives, three-dimensional
//! vectors, rotations and poses, one-dimensional functions, and small dense solvers.
//!
//! Everything that a pose flows through is generic over [`Real`], so the same code gives a number
//! ([`f64`]) and its exact derivative ([`Dual`]).

pub mod box_qp;
pub mod dual;
pub mod function;
pub mod gcv;
pub mod linalg;
pub mod multivariate;
pub mod ode;
pub mod random;
pub mod real;
pub mod row_space;
pub mod signal;
pub mod spatial;

pub use box_qp::{BoxQp, BoxQpError, BoxQpSolution};
pub use dual::Dual;
pub use function::Function;
pub use gcv::{GcvError, GcvSpline, SplineBasis};
pub use multivariate::Multivariate;
pub use random::{Random, interval, quantile, sorted};
pub use real::Real;
pub use row_space::RowSpace;
pub use spatial::{Mat3, Pose, Vec3, Wrench};
