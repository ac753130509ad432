//! Any musculoskeletal model: joints, paths, muscles, dynamics, equilibrium.
