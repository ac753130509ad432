//! VTK's `.vtp`: points and polygons as text in XML. OpenSim reads no other form of it either.

use super::{MeshFileError, Polygons, point};
use crate::description::NodeId;
use crate::xml::Document;

pub(super) fn read(bytes: &[u8]) -> Result<Polygons, MeshFileError> {
    let document = Document::parse(bytes)?;
    let inside = |node: NodeId, name: &'static str, expected: &'static str| {
        let line = document.line(node);
        document.child(node, name).ok_or(MeshFileError::Line { line, expected })
    };
    let data = inside(document.root(), "PolyData", "`PolyData` in `VTKFile`")?;
    let piece = inside(data, "Piece", "`Piece` in `PolyData`")?;
    let array = |list: NodeId, name: Option<&str>, expected: &'static str| {
        let mut arrays = document.children(list).filter(|&node| document.name(node) == "DataArray");
        let found =
            arrays.find(|&node| name.is_none_or(|name| document.attribute(node, "Name") == Some(name)));
        let node = found.ok_or(MeshFileError::Line { line: document.line(list), expected })?;
        match document.attribute(node, "format") {
            Some("ascii") => Ok(node),
            _ => Err(MeshFileError::Line { line: document.line(node), expected: "format=\"ascii\"" }),
        }
    };
    let points = inside(piece, "Points", "`Points` in `Piece`")?;
    let points = array(points, None, "a `DataArray` in `Points`")?;
    let faces = inside(piece, "Polys", "`Polys` in `Piece`")?;
    let corners = array(faces, Some("connectivity"), "a `DataArray` named `connectivity`")?;
    let ends = array(faces, Some("offsets"), "a `DataArray` named `offsets`")?;

    let mut polygons = Polygons::default();
    let mut words = document.text(points).split_whitespace().peekable();
    while words.peek().is_some() {
        let line = document.line(points);
        let vertex = point(&mut words);
        polygons
            .vertices
            .push(vertex.ok_or(MeshFileError::Line { line, expected: "finite numbers by threes" })?);
        polygons.check()?;
    }
    let numbers = |node: NodeId| {
        let refuse = MeshFileError::Line { line: document.line(node), expected: "whole numbers from 0" };
        let parsed =
            document.text(node).split_whitespace().take(super::MOST + 1).map(|word| word.parse().ok());
        parsed.collect::<Option<Vec<usize>>>().ok_or(refuse)
    };
    polygons.corners = numbers(corners)?;
    polygons.ends = numbers(ends)?;
    polygons.check()?;
    let rising = polygons.ends.windows(2).all(|pair| pair[0] <= pair[1]);
    if !rising || polygons.ends.last().is_some_and(|&end| end > polygons.corners.len()) {
        let expected = "offsets that rise, and end with the corners";
        return Err(MeshFileError::Line { line: document.line(ends), expected });
    }
    Ok(polygons)
}
