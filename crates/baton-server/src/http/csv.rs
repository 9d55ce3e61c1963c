//! Lines of CSV (RFC 4180) for files that people open in spreadsheets.

/// A line. What a spreadsheet would take for a formula is made a text.
pub(super) fn row(cells: &[String]) -> String {
    let cell = |text: &String| {
        let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{text}")
        } else {
            text.clone()
        };
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_have_to_be_and_are_no_formulas() {
        let check = |cell: &str, expected: &str| {
            assert_eq!(row(&["a".to_owned(), cell.to_owned()]), format!("a,{expected}\r\n"));
        };
        check("plain", "plain");
        check("a,b", "\"a,b\"");
        check("say \"so\"", "\"say \"\"so\"\"\"");
        check("=1+1", "'=1+1");
        check("@x,y", "\"'@x,y\"");
    }
}
