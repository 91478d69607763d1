//! Faults of the grammar.

use super::Problem;
use super::assignment::{assignment, augmented, equals, named_target, whole_target};
use super::block::{colon, first_behind, missing_block, unexpected_indent};
use super::comma::missing_comma;
use super::tokens::{Source, begins_expression};
use crate::parse::{range, span};
use crate::program::Span;
use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ModModule};
use ruff_python_parser::{
    InterpolatedStringErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError,
    UnsupportedSyntaxErrorKind,
};

/// An error of the library in CPython's words.
pub fn translate(source: &Source<'_>, module: &ModModule, error: &ParseError) -> Problem {
    let place = range(error.location);
    let found = source.index_at(place.start);
    let special =
        by_kind(source, module, error, place, found).or_else(|| by_tokens(source, module, found));
    special.unwrap_or_else(|| Problem::new("invalid syntax", source.span(found)))
}

/// Syntax that CPython 3.13 does not have yet.
pub fn newer_syntax(source: &Source<'_>, error: &UnsupportedSyntaxError) -> Problem {
    let place = range(error.range);
    match error.kind {
        UnsupportedSyntaxErrorKind::UnparenthesizedExceptionTypes => {
            Problem::new("multiple exception types must be parenthesized", place)
        }
        UnsupportedSyntaxErrorKind::UnpackingInComprehension(_) => unpacking(source, place.start),
        _ => Problem::new("invalid syntax", source.span(source.index_at(place.start))),
    }
}

fn unpacking(source: &Source<'_>, start: u32) -> Problem {
    let index = source.index_at(start);
    let span = Span {
        start,
        end: source.span(index).end + 1,
    };
    if source.kind(index) == TokenKind::DoubleStar {
        let span = source.span(index);
        return Problem::new("dict unpacking cannot be used in dict comprehension", span);
    }
    Problem::new("iterable unpacking cannot be used in comprehension", span)
}

/// What the kind of the library's error says.
fn by_kind(
    source: &Source<'_>,
    module: &ModModule,
    error: &ParseError,
    place: Span,
    found: usize,
) -> Option<Problem> {
    let at = source.span(found);
    Some(match &error.error {
        ParseErrorType::ExpectedToken { expected, .. } => match expected {
            TokenKind::Colon => return colon(source, found),
            TokenKind::Else => return half_conditional(module, place).or(None),
            TokenKind::In => {
                let bracket = source.bracket(found)?;
                if source.is_field(bracket) || source.kind(found) == TokenKind::Newline {
                    return None;
                }
                Problem::new("'in' expected after for-loop variables", at)
            }
            TokenKind::Lpar if source.kind(source.statement_start(found)) == TokenKind::Def => {
                Problem::new("expected '('", at)
            }
            _ => return None,
        },
        ParseErrorType::UnexpectedIndentation => unexpected_indent(source, found),
        ParseErrorType::InvalidAssignmentTarget => {
            return assignment(source, place).or_else(|| {
                let behind = source.index_at(place.end);
                Some(Problem::new("invalid syntax", source.span(behind)))
            });
        }
        ParseErrorType::FStringError(InterpolatedStringErrorType::UnclosedLbrace) => {
            return Some(open_field(source, module, found));
        }
        ParseErrorType::InvalidDeleteTarget => {
            return named_target(source, place, true, |name| format!("cannot delete {name}"));
        }
        ParseErrorType::InvalidAugmentedAssignmentTarget => return augmented(source, place),
        ParseErrorType::InvalidNamedAssignmentTarget => {
            return named_target(source, place, false, |name| {
                format!("cannot use assignment expressions with {name}")
            })
            .or_else(|| {
                whole_target(source, place, |name| {
                    format!("cannot use assignment expressions with {name}")
                })
            });
        }
        ParseErrorType::InvalidAnnotatedAssignmentTarget
            if source.kind(found) == TokenKind::Lambda =>
        {
            Problem::new("invalid syntax", source.span(found + 1))
        }
        ParseErrorType::InvalidAnnotatedAssignmentTarget => {
            Problem::new("illegal target for annotation", place)
        }
        ParseErrorType::PositionalAfterKeywordArgument => {
            let close = closing(source, found);
            Problem::new(
                "positional argument follows keyword argument",
                source.span(close),
            )
        }
        ParseErrorType::PositionalAfterKeywordUnpacking => {
            let close = closing(source, found);
            Problem::new(
                "positional argument follows keyword argument unpacking",
                source.span(close),
            )
        }
        ParseErrorType::InvalidArgumentUnpackingOrder => {
            let start = source.span(found.saturating_sub(1)).start;
            let message = "iterable argument unpacking follows keyword argument unpacking";
            Problem::new(
                message,
                Span {
                    start,
                    end: place.end,
                },
            )
        }
        ParseErrorType::UnparenthesizedGeneratorExpression => {
            Problem::new("Generator expression must be parenthesized", place)
        }
        ParseErrorType::IterableUnpackingInComprehension => unpacking(source, place.start),
        ParseErrorType::ParamAfterVarKeywordParam => Problem::new(
            "arguments cannot follow var-keyword argument",
            name_span(source, found),
        ),
        ParseErrorType::NonDefaultParamAfterDefaultParam => Problem::new(
            "parameter without a default follows parameter with a default",
            name_span(source, found),
        ),
        ParseErrorType::ExpectedKeywordParam => {
            let star = (0..=found)
                .rev()
                .find(|&index| source.kind(index) == TokenKind::Star)?;
            let lambda = source.kind_before(star, 1) == Some(TokenKind::Lambda);
            let at = if lambda { star + 1 } else { star };
            Problem::new("named arguments must follow bare *", source.span(at))
        }
        ParseErrorType::VarParameterWithDefault => {
            let equal = (found..source.tokens.len())
                .find(|&index| source.kind(index) == TokenKind::Equal)?;
            let start = (0..equal).rev().find(|&index| {
                matches!(source.kind(index), TokenKind::Star | TokenKind::DoubleStar)
            })?;
            let kind = if source.kind(start) == TokenKind::Star {
                "positional"
            } else {
                "keyword"
            };
            Problem::new(
                format!("var-{kind} argument cannot have default value"),
                source.span(equal),
            )
        }
        ParseErrorType::InvalidStarredExpressionUsage => starred(source, place, found),
        ParseErrorType::InvalidMatchPatternTarget => {
            Problem::new("cannot use '_' as a target", place)
        }
        ParseErrorType::EmptyImportNames if source.kind(found) == TokenKind::Newline => {
            Problem::new("Expected one or more names after 'import'", at)
        }
        ParseErrorType::ExpectedExpression => return expression(source, found),
        ParseErrorType::OtherError(words) => return other(source, words, place, found),
        _ => return None,
    })
}

/// `a if b` without `else`.
fn half_conditional(module: &ModModule, place: Span) -> Option<Problem> {
    struct Finder {
        at: u32,
        found: Option<Span>,
    }
    impl<'a> Visitor<'a> for Finder {
        fn visit_expr(&mut self, expr: &'a Expr) {
            walk_expr(self, expr);
            if let Expr::If(choice) = expr
                && span(&*choice.test).end <= self.at
                && span(&*choice.orelse).start >= self.at
            {
                self.found = Some(Span {
                    start: span(&*choice.body).start.min(span(expr).start),
                    end: span(&*choice.test).end,
                });
            }
        }
    }
    let mut finder = Finder {
        at: place.start,
        found: None,
    };
    finder.visit_body(&module.body);
    let span = finder.found?;
    Some(Problem::new("expected 'else' after 'if' expression", span))
}

/// The bracket that closes the one a token stands in.
fn closing(source: &Source<'_>, index: usize) -> usize {
    let mut depth = 0;
    let mut at = index;
    while at < source.tokens.len() {
        match source.kind(at) {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if depth == 0 {
                    return at;
                }
                depth -= 1;
            }
            TokenKind::Newline => break,
            _ => {}
        }
        at += 1;
    }
    index
}

/// The name of a parameter behind its stars.
fn name_span(source: &Source<'_>, found: usize) -> Span {
    let mut at = found;
    while matches!(source.kind(at), TokenKind::Star | TokenKind::DoubleStar) {
        at += 1;
    }
    source.span(at)
}

fn starred(source: &Source<'_>, place: Span, found: usize) -> Problem {
    let start = source.statement_start(found);
    if source.kind(start) == TokenKind::Del {
        return Problem::new("cannot delete starred", place);
    }
    if source.kind(found) == TokenKind::Star
        && matches!(source.kind(found + 1), TokenKind::Rpar | TokenKind::Comma)
    {
        return Problem::new("Invalid star expression", source.span(found + 1));
    }
    match source.bracket(found) {
        Some(bracket)
            if source.kind(bracket) == TokenKind::Lbrace
                && source.kind_before(found, 1) == Some(TokenKind::Colon) =>
        {
            Problem::new(
                "cannot use a starred expression in a dictionary value",
                place,
            )
        }
        Some(bracket) if source.kind(bracket) == TokenKind::Lpar => {
            Problem::new("cannot use starred expression here", place)
        }
        _ => Problem::new("can't use starred expression here", place),
    }
}

/// An expression is missing.
fn expression(source: &Source<'_>, found: usize) -> Option<Problem> {
    let before = source.kind_before(found, 1)?;
    let at = source.span(found);
    let word = source.text(at);
    let bracket = source.bracket(found);
    if let Some(bracket) = bracket
        && bracket + 1 == found
        && source.is_field(bracket)
    {
        let simple = matches!(word, "}" | "!" | ":" | "=");
        if source.kind(found) == TokenKind::FStringEnd {
            return Some(Problem::new("f-string: expecting '}'", at));
        }
        return Some(if simple {
            Problem::new(
                format!("f-string: valid expression required before '{word}'"),
                at,
            )
        } else {
            Problem::new("f-string: expecting a valid expression after '{'", at)
        });
    }
    if let Some(bracket) = bracket
        && source.is_field(bracket)
        && source.kind(found) == TokenKind::Rbrace
    {
        return Some(if bracket + 2 == found {
            Problem::new(
                "f-string: expecting a valid expression after '{'",
                source.span(found - 1),
            )
        } else {
            Problem::new(
                "f-string: expecting '=', or '!', or ':', or '}'",
                source.span(found - 1),
            )
        });
    }
    let ends = matches!(
        source.kind(found),
        TokenKind::Comma | TokenKind::Rbrace | TokenKind::Rpar
    );
    match before {
        TokenKind::Colon if ends => {
            let brace = source.kind(bracket?) == TokenKind::Lbrace && !source.is_field(bracket?);
            brace.then(|| {
                Problem::new(
                    "expression expected after dictionary key and ':'",
                    source.span(found - 1),
                )
            })
        }
        TokenKind::Star if source.kind(found) == TokenKind::Rpar => {
            Some(Problem::new("Invalid star expression", at))
        }
        TokenKind::Equal if ends => {
            let bracket = bracket?;
            if source.kind(bracket) != TokenKind::Lpar {
                return None;
            }
            let definition = source.kind_before(bracket, 2) == Some(TokenKind::Def);
            Some(if definition {
                Problem::new("expected default value expression", source.span(found - 1))
            } else {
                Problem::new(
                    "expected argument value expression",
                    source.span_of(found - 2, found),
                )
            })
        }
        TokenKind::Rarrow => Some(Problem::new("expected ':'", source.span(found - 1))),
        _ => None,
    }
}

/// The library's errors that are but words.
fn other(source: &Source<'_>, words: &str, place: Span, found: usize) -> Option<Problem> {
    let at = source.span(found);
    if words.starts_with("Expected an indented block after") {
        return Some(missing_block(source, place));
    }
    if let Some(rest) = words.strip_prefix("Only single target") {
        return Some(Problem::new(format!("only single target{rest}"), place));
    }
    Some(match words {
        "Expected `except` or `finally` after `try` block" => {
            let at = first_behind(source, place.start);
            Problem::new("expected 'except' or 'finally' block", at)
        }
        "Cannot have both 'except' and 'except*' on the same 'try'" => {
            let keyword = (0..=found)
                .rev()
                .find(|&index| source.kind(index) == TokenKind::Except);
            let keyword = source.span(keyword.unwrap_or(found));
            let span = Span {
                start: keyword.start,
                end: keyword.end + 1,
            };
            Problem::new(
                "cannot have both 'except' and 'except*' on the same 'try'",
                span,
            )
        }
        "Trailing comma not allowed" => {
            let start = source.statement_start(found);
            let newline = source.statement_end(found);
            let comma = (start..=found)
                .rev()
                .find(|&index| source.kind(index) == TokenKind::Comma)?;
            let star = source.kind_before(comma, 1) == Some(TokenKind::Star);
            if source.kind(start) == TokenKind::From && comma + 1 == newline && !star {
                Problem::new(
                    "trailing comma not allowed without surrounding parentheses",
                    source.span(newline),
                )
            } else {
                Problem::new(
                    "invalid syntax",
                    source.span(if star { comma } else { comma + 1 }),
                )
            }
        }
        "Multiple exception types must be parenthesized when using `as`" => {
            // CPython shows the `as` clause too.
            let colon = (found..source.tokens.len())
                .find(|&index| source.kind(index) == TokenKind::Colon)?;
            Problem::new(
                "multiple exception types must be parenthesized",
                source.span_of(found, colon),
            )
        }
        "Only one '*' parameter allowed" | "Only one '*' separator allowed" => {
            Problem::new("* argument may appear only once", source.span(found))
        }
        "Position-only parameter separator not allowed as first parameter" => {
            Problem::new("at least one argument must precede /", at)
        }
        "Only one '/' separator allowed" => Problem::new("/ may appear only once", at),
        "'/' parameter must appear before '*' parameter" => {
            Problem::new("/ must be ahead of *", at)
        }
        "Only one '**' parameter allowed" => {
            Problem::new("arguments cannot follow var-keyword argument", at)
        }
        "Star import must be the only import" => {
            let star = (0..source.tokens.len())
                .find(|&index| index >= found && source.kind(index) == TokenKind::Star)?;
            Problem::new("invalid syntax", source.span(star + 1))
        }
        "Expected a parameter name" => {
            let start = source.statement_start(found);
            let behind = source.index_at(place.end);
            if source.kind(behind) != TokenKind::Equal {
                return None;
            }
            return equals(source, start, source.bracket(behind), behind);
        }
        "Positional patterns cannot follow keyword patterns" => {
            let name = source.span(found);
            Problem::new("positional patterns follow keyword patterns", name)
        }
        _ => return None,
    })
}

/// A field of an f-string that does not end.
fn open_field(source: &Source<'_>, module: &ModModule, found: usize) -> Problem {
    let at = source.span(found);
    if matches!(
        source.kind(found),
        TokenKind::FStringEnd
            | TokenKind::FStringMiddle
            | TokenKind::Newline
            | TokenKind::EndOfFile
    ) {
        let spec = source.bracket(found).is_some_and(|bracket| {
            (bracket + 1..found).any(|index| {
                source.kind(index) == TokenKind::Colon && source.bracket(index) == Some(bracket)
            })
        });
        return Problem::new(
            if spec {
                "f-string: expecting '}', or format specs"
            } else {
                "f-string: expecting '}'"
            },
            at,
        );
    }
    by_tokens(source, module, found)
        .unwrap_or_else(|| Problem::new("f-string: expecting '=', or '!', or ':', or '}'", at))
}

/// What the tokens around the fault say.
fn by_tokens(source: &Source<'_>, module: &ModModule, found: usize) -> Option<Problem> {
    let start = source.statement_start(found);
    let kind = source.kind(found);
    let bracket = source.bracket(found);
    if kind == TokenKind::Indent {
        return Some(unexpected_indent(source, found));
    }
    if bracket.is_none() {
        if begins_expression(kind)
            && found == start + 1
            && matches!(source.text(source.span(start)), "print" | "exec")
            && !matches!(kind, TokenKind::Lpar | TokenKind::Lsqb)
        {
            let word = source.text(source.span(start));
            let end = source.statement_end(found);
            return Some(Problem::new(
                format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?"),
                source.span_of(start, end),
            ));
        }
        if kind == TokenKind::From && source.kind(start) == TokenKind::Import {
            let end = source.statement_end(found);
            return Some(Problem::new(
                "Did you mean to use 'from ... import ...' instead?",
                source.span_of(start, end),
            ));
        }
        if is_augmented(kind) && found > start {
            return augmented(source, source.span_of(start, found));
        }
        if kind == TokenKind::ColonEqual && found > start {
            let place = source.span_of(start, found);
            let name = found == start + 1 && source.kind(start) == TokenKind::Name;
            if !name {
                return whole_target(source, place, |name| {
                    format!("cannot use assignment expressions with {name}")
                });
            }
        }
    }
    if kind == TokenKind::Equal {
        return equals(source, start, bracket, found);
    }
    match (source.kind_before(found, 1), kind) {
        (_, TokenKind::Not) if source.kind(found + 1) != TokenKind::In => {
            return Some(Problem::new("invalid syntax", source.span(found + 1)));
        }
        (Some(TokenKind::Less), TokenKind::Greater)
            if source.span(found - 1).end == source.span(found).start =>
        {
            return Some(Problem::new(
                "invalid syntax",
                source.span_of(found - 1, found + 1),
            ));
        }
        _ => {}
    }
    let bracket = bracket?;
    if kind == TokenKind::Lpar
        && source.kind_before(bracket, 2) == Some(TokenKind::Def)
        && matches!(source.kind(found - 1), TokenKind::Lpar | TokenKind::Comma)
    {
        let close = closing(source, found + 1);
        return Some(Problem::new(
            "Function parameters cannot be parenthesized",
            source.span_of(found, close + 1),
        ));
    }
    if kind == TokenKind::For && source.kind(bracket) != TokenKind::Lpar {
        let comma = (bracket + 1..found).any(|index| {
            source.kind(index) == TokenKind::Comma && source.bracket(index) == Some(bracket)
        });
        let colon = (bracket + 1..found).any(|index| {
            source.kind(index) == TokenKind::Colon && source.bracket(index) == Some(bracket)
        });
        if comma && !colon {
            return Some(Problem::new(
                "did you forget parentheses around the comprehension target?",
                source.span_of(bracket + 1, found),
            ));
        }
    }
    if begins_expression(kind) && source.kind(bracket) != TokenKind::FStringStart {
        return missing_comma(source, module, start, bracket, found);
    }
    None
}

fn is_augmented(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::PlusEqual
            | TokenKind::MinusEqual
            | TokenKind::StarEqual
            | TokenKind::SlashEqual
            | TokenKind::PercentEqual
            | TokenKind::AmperEqual
            | TokenKind::VbarEqual
            | TokenKind::CircumflexEqual
            | TokenKind::LeftShiftEqual
            | TokenKind::RightShiftEqual
            | TokenKind::DoubleStarEqual
            | TokenKind::DoubleSlashEqual
            | TokenKind::AtEqual
    )
}
