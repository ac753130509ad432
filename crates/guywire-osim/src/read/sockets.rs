//! What carries the parts of a document, for those who edit it.

use super::{ReadError, Reader};
use crate::description::{Frame, NodeId};
use crate::xml::Document;

/// The carriers and inherited properties of a document's elements.
pub struct Sockets<'d> {
    reader: Reader<'d>,
}

impl<'d> Sockets<'d> {
    /// Indexes a document that is in the form of version 40600.
    ///
    /// # Errors
    /// When it has no model.
    pub fn new(document: &'d Document) -> Result<Self, ReadError> {
        Reader::new(document, None).map(|reader| Self { reader })
    }

    /// The `Model` element.
    pub fn model(&self) -> NodeId {
        self.reader.model
    }

    /// A frame on its base, through all offsets.
    ///
    /// # Errors
    /// When it is no frame or hangs on none.
    pub fn frame(&self, frame: NodeId) -> Result<Frame, ReadError> {
        self.reader.frame_of(frame, &self.reader.element(frame))
    }

    /// The frame that a socket (`parent_frame`) of an element names.
    ///
    /// # Errors
    /// When the socket is empty or names no frame.
    pub fn frame_through(&self, node: NodeId, socket: &str) -> Result<Frame, ReadError> {
        self.reader.element(node).frame(socket)
    }

    /// A property's element: the element's own, or that of its class in `<defaults>`.
    pub fn property(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.reader.element(node).property(name)
    }
}
