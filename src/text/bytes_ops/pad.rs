//! Padding to a width.

fn padded(b: &[u8], left: usize, right: usize, fill: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(left + b.len() + right);
    out.resize(left, fill);
    out.extend_from_slice(b);
    out.resize(left + b.len() + right, fill);
    out
}

fn missing(b: &[u8], width: i64) -> usize {
    usize::try_from(width).unwrap_or(0).saturating_sub(b.len())
}

/// `bytes.center`: an odd byte more goes to the left if the width is odd.
pub fn center(b: &[u8], width: i64, fill: u8) -> Vec<u8> {
    let padding = missing(b, width);
    let left = padding / 2 + (padding & width as usize & 1);
    padded(b, left, padding - left, fill)
}

/// `bytes.ljust`.
pub fn ljust(b: &[u8], width: i64, fill: u8) -> Vec<u8> {
    padded(b, 0, missing(b, width), fill)
}

/// `bytes.rjust`.
pub fn rjust(b: &[u8], width: i64, fill: u8) -> Vec<u8> {
    padded(b, missing(b, width), 0, fill)
}

/// `bytes.zfill`: zeros after the sign, if there is one.
pub fn zfill(b: &[u8], width: i64) -> Vec<u8> {
    let zeros = missing(b, width);
    let sign = usize::from(matches!(b.first(), Some(b'+' | b'-')));
    [&b[..sign], &padded(&b[sign..], zeros, 0, b'0')].concat()
}

/// `bytes.expandtabs`: as [`str_ops::expandtabs`](crate::text::str_ops::expandtabs).
pub fn expandtabs(b: &[u8], tab_size: i64) -> Vec<u8> {
    let size = usize::try_from(tab_size).unwrap_or(0);
    let mut out = Vec::with_capacity(b.len());
    let mut column = 0;
    for &byte in b {
        match byte {
            b'\t' if size == 0 => {}
            b'\t' => {
                let spaces = size - column % size;
                out.resize(out.len() + spaces, b' ');
                column += spaces;
            }
            _ => {
                out.push(byte);
                column = if matches!(byte, b'\n' | b'\r') {
                    0
                } else {
                    column + 1
                };
            }
        }
    }
    out
}
