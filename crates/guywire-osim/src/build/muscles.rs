//! Muscles of a description as engine muscles.
