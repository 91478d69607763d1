//! An error with the line it stands in.

use crate::error::Error;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// How to show an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With terminal colours.
    Colour,
}

/// The error as several lines: title, `path:line:column`, the source line with the place marked, advice.
pub fn render(error: &Error, style: Style) -> String {
    let title = error.title();
    let heading = Level::ERROR.primary_title(&title);
    let mut report = Vec::new();
    let group = match error.span {
        Some(span) if !error.source.is_empty() => {
            let length = error.source.len();
            let start = (span.start as usize).min(length);
            let end = (span.end as usize).clamp(start, length);
            let snippet = Snippet::source(&*error.source)
                .path(&*error.path)
                .annotation(AnnotationKind::Primary.span(start..end));
            heading.element(snippet)
        }
        _ => heading.element(Level::NOTE.message(format!("in {}", error.path))),
    };
    let group = match &error.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    };
    report.push(group);
    match style {
        Style::Plain => Renderer::plain().render(&report),
        Style::Colour => Renderer::styled().render(&report),
    }
}
