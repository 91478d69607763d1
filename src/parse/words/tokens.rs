//! The tokens of a faulty module, and questions about them.

use crate::parse::range;
use crate::program::Span;
use ruff_python_ast::token::{Token, TokenKind};

/// A module's text with its tokens, comments and blank lines left out.
pub struct Source<'s> {
    text: &'s str,
    /// The tokens.
    pub tokens: Vec<Token>,
    lines: Vec<u32>,
}

impl<'s> Source<'s> {
    /// Prepares a module for questions.
    pub fn new(text: &'s str, tokens: &[Token]) -> Source<'s> {
        let significant = |token: &&Token| {
            !matches!(
                token.kind(),
                TokenKind::Comment | TokenKind::NonLogicalNewline
            )
        };
        Source {
            text,
            tokens: tokens.iter().filter(significant).copied().collect(),
            lines: crate::source::line_starts(text),
        }
    }

    /// The text of a place.
    pub fn text(&self, span: Span) -> &'s str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// The whole text.
    pub fn whole(&self) -> &'s str {
        self.text
    }

    /// 1-based line.
    pub fn line(&self, offset: u32) -> usize {
        self.lines.partition_point(|&start| start <= offset).max(1)
    }

    /// Where a line begins.
    pub fn line_start(&self, offset: u32) -> u32 {
        self.lines[self.line(offset) - 1]
    }

    /// The end of the text of the line of an offset, before its line end.
    pub fn line_end(&self, offset: u32) -> u32 {
        let rest = &self.text[offset as usize..];
        offset + rest.find('\n').unwrap_or(rest.len()) as u32
    }

    /// Whether nothing but white space follows.
    pub fn at_end(&self, offset: u32) -> bool {
        self.text
            .get(offset as usize..)
            .is_none_or(|rest| rest.trim().is_empty())
    }

    /// The place of a token. A line end is one character wide, at the end of the text before it.
    pub fn span(&self, index: usize) -> Span {
        let Some(token) = self.tokens.get(index) else {
            let end = self.text.trim_end().len() as u32;
            return Span {
                start: end,
                end: end + 1,
            };
        };
        let span = range(token.as_tuple().1);
        match token.kind() {
            TokenKind::Newline | TokenKind::EndOfFile | TokenKind::Dedent => {
                let start = if token.kind() == TokenKind::Newline {
                    span.start
                } else {
                    self.text[..span.start as usize].trim_end().len() as u32
                };
                Span {
                    start,
                    end: start + 1,
                }
            }
            _ => span,
        }
    }

    /// A token's kind; the end of the file where there is none.
    pub fn kind(&self, index: usize) -> TokenKind {
        self.tokens
            .get(index)
            .map_or(TokenKind::EndOfFile, Token::kind)
    }

    /// A token's kind by an index that may have run below 0.
    pub fn kind_before(&self, index: usize, back: usize) -> Option<TokenKind> {
        index.checked_sub(back).map(|index| self.kind(index))
    }

    /// The first token at or behind an offset that is more than indentation.
    pub fn index_at(&self, offset: u32) -> usize {
        let starts_before = |token: &Token| range(token.as_tuple().1).start < offset;
        let mut index = self.tokens.partition_point(starts_before);
        while matches!(self.kind(index), TokenKind::Indent | TokenKind::Dedent) {
            index += 1;
        }
        index
    }

    /// The first token of the statement (simple or header of a compound one) that a token stands in.
    pub fn statement_start(&self, index: usize) -> usize {
        let mut at = index.min(self.tokens.len());
        let mut depth = 0;
        while at > 0 {
            match self.kind(at - 1) {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth -= 1,
                TokenKind::Newline => break,
                TokenKind::Semi if depth <= 0 => break,
                _ => {}
            }
            at -= 1;
        }
        while matches!(self.kind(at), TokenKind::Indent | TokenKind::Dedent) {
            at += 1;
        }
        at
    }

    /// The token behind the last of the statement that a token stands in.
    pub fn statement_end(&self, index: usize) -> usize {
        let mut at = index;
        while !matches!(
            self.kind(at),
            TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile
        ) {
            at += 1;
        }
        at
    }

    /// The bracket (or f-string) that a token stands directly in.
    pub fn bracket(&self, index: usize) -> Option<usize> {
        let mut depth = 0;
        let mut at = index.min(self.tokens.len());
        while at > 0 {
            at -= 1;
            match self.kind(at) {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd => {
                    depth += 1
                }
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace | TokenKind::FStringStart => {
                    if depth == 0 {
                        return Some(at);
                    }
                    depth -= 1;
                }
                TokenKind::Newline if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether a bracket is the brace of a field of an f-string.
    pub fn is_field(&self, bracket: usize) -> bool {
        self.kind(bracket) == TokenKind::Lbrace
            && matches!(
                self.kind_before(bracket, 1),
                Some(
                    TokenKind::FStringStart
                        | TokenKind::FStringMiddle
                        | TokenKind::TStringStart
                        | TokenKind::TStringMiddle
                )
            )
            || self.kind(bracket) == TokenKind::Lbrace
                && self.kind_before(bracket, 1) == Some(TokenKind::Rbrace)
                && self
                    .bracket(bracket)
                    .is_some_and(|outer| self.kind(outer) == TokenKind::FStringStart)
    }

    /// From one token to the one before another.
    pub fn span_of(&self, first: usize, behind: usize) -> Span {
        Span {
            start: self.span(first).start,
            end: self.span(behind.saturating_sub(1).max(first)).end,
        }
    }
}

/// Whether an expression may begin with a token, other than one that would also go on with one before it.
pub fn begins_expression(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::Lbrace
            | TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::True
            | TokenKind::False
            | TokenKind::None
            | TokenKind::Ellipsis
            | TokenKind::Tilde
            | TokenKind::Lambda
            | TokenKind::Await
            | TokenKind::Match
            | TokenKind::Case
            | TokenKind::Type
            | TokenKind::Lazy
    )
}
