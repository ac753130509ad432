//! Other forces of a description as engine forces.
