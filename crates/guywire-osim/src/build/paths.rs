//! Lines of pull of a description as engine paths.
