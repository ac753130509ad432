//! From a [`Description`](crate::Description) to engine models.
