//! The README's picture: the first position of a report, cut out of its page.

use anyhow::{Context, Result};

/// Height of the picture and the space between its parts, px.
const HEIGHT: f64 = 620.0;
const GAP: f64 = 14.0;

/// One SVG file with the first three figures of a report's page, side by side.
pub fn of(page: &str) -> Result<String> {
    let style = between(page, "<style>", "</style>").context("the page has no style")?;
    let patterns = between(page, "<defs>", "</defs>").unwrap_or_default();
    let (mut x, mut parts) = (0.0, String::new());
    let mut rest = page;
    for _ in 0..3 {
        let (found, after) = next_figure(rest).context("the page has fewer than three figures")?;
        rest = after;
        let [width, height] = size(found).context("a figure has no viewBox")?;
        let width = width * HEIGHT / height;
        let place = format!("<svg x=\"{x:.0}\" width=\"{width:.0}\" height=\"{HEIGHT}\" ");
        parts.push_str(&found.replacen("<svg ", &place, 1));
        x += width + GAP;
    }
    let width = x - GAP;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {HEIGHT}\" font-family=\"sans-serif\">\n\
         <style>{style}\nsvg .fig{{width:auto}}</style>\n<defs>{patterns}</defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         {parts}\n</svg>\n"
    ))
}

fn between<'p>(page: &'p str, start: &str, end: &str) -> Option<&'p str> {
    page.split_once(start)?.1.split_once(end).map(|p| p.0)
}

/// The next figure of a body, and what follows it.
fn next_figure(page: &str) -> Option<(&str, &str)> {
    let class = page.find("class=\"fig ")?;
    let start = page[..class].rfind("<svg ")?;
    let end = class + page[class..].find("</svg>")? + "</svg>".len();
    Some((&page[start..end], &page[end..]))
}

/// Width and height of a figure's viewBox.
fn size(figure: &str) -> Option<[f64; 2]> {
    let numbers: Vec<f64> = between(figure, "viewBox=\"", "\"")?.split(' ').flat_map(str::parse).collect();
    (numbers.len() == 4).then(|| [numbers[2], numbers[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_figures_stand_side_by_side() {
        let figure = "<p><svg class=\"fig full\" viewBox=\"-1 -1 310 620\"><path></path></svg></p>";
        let page =
            format!("<style>a{{}}</style><svg class=\"defs\"><defs><b/></defs></svg>{}", figure.repeat(3));
        let picture = of(&page).unwrap();
        assert!(picture.contains("viewBox=\"0 0 958 620\""), "{picture}");
        assert!(picture.contains("x=\"648\" width=\"310\" height=\"620\" class=\"fig full\""), "{picture}");
        assert_eq!(picture.matches("</svg>").count(), 4);
        assert!(of("<style></style>").is_err());
    }
}
