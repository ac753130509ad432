//! Why a command ends without its result, and the exit status that says so.

/// Why a command ends without its result.
#[derive(Debug)]
pub enum Failure {
    /// What the person gave is wrong; the text says where.
    Input(String),
    /// Everything else: no equilibrium, no disk space.
    Other(anyhow::Error),
}

impl Failure {
    /// The exit status.
    pub fn status(&self) -> u8 {
        match self {
            Failure::Input(_) => 2,
            Failure::Other(_) => 1,
        }
    }

    /// Whether only the reader of the output went away, as in `guywire body muscles | head`.
    pub fn is_closed_pipe(&self) -> bool {
        let Failure::Other(error) = self else { return false };
        let io = error.downcast_ref::<std::io::Error>();
        io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::Other(error.into())
    }
}
