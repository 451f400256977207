import Listings

/// What spreadsheets and programs make of an id that they take for a number, or cannot find: many patients look the same then.
/// The words go on after "a patient".
enum SpreadsheetDamage: String {
    case shortened = "as spreadsheets show long numbers, such as 1.23E+11, and digits are lost"
    case decimal = "as programs write numbers of columns with gaps, such as 12345.0"
    case failedFormula = "that is a spreadsheet's error, such as #REF!"
    case formula = "that is a formula, which no program but a spreadsheet computes"

    /// Nil for an id that is none of these.
    init?(_ id: String) {
        func isWhole(_ pattern: Regex<Substring>) -> Bool { id.wholeMatch(of: pattern) != nil }
        let found: SpreadsheetDamage? =
            switch id.first ?? " " {
            case "=": .formula
            // In some languages without the mark at the end; and what does not fit into a column is shown as crosses.
            case "#" where isWhole(/#(?:#+|NV|N\/D|.*[!?])/): .failedFormula
            case "E" where isWhole(/Err:[0-9]+/): .failedFormula
            case "0"..."9" where isWhole(/[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]+/): .shortened
            // As Java writes them.
            case "0"..."9" where isWhole(/[0-9]\.[0-9]+E[0-9]+/): .shortened
            case "0"..."9" where isWhole(/[0-9]+(?:\.0+|,00?)/): .decimal
            default: nil
            }
        guard let found else { return nil }
        self = found
    }
}

extension String {
    /// `="0012"` and `'0012` are how programs and people keep spreadsheets from dropping the zeros: they mean the text within.
    var withoutTextFormula: String {
        if first == "'", count > 1, last != "'" { return String(dropFirst()).trimmed }
        guard hasPrefix("=\""), hasSuffix("\""), count > 3 else { return self }
        return String(dropFirst(2).dropLast()).replacing("\"\"", with: "\"").trimmed
    }
}
