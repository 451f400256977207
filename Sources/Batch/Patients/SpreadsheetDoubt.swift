/// Ids that a spreadsheet may have made of others, and may have been meant: it takes `1-3` and `MAR1` for dates, and keeps 15
/// digits of a number.
enum SpreadsheetDoubt {
    /// Which of a manifest's ids are.
    static func doubtful(_ ids: Set<String>) -> Set<String> {
        let long = ids.filter { $0.utf8.count > keptDigits && $0.utf8.allSatisfy(isDigit) }
        // One of ten numbers ends in 0 by chance.
        let isShortened =
            long.count > 1 && long.allSatisfy { $0.utf8.dropFirst(keptDigits).allSatisfy { $0 == UInt8(ascii: "0") } }
        return ids.filter(isDate).union(isShortened ? long : [])
    }

    private static let keptDigits = 15

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Of two or three parts, one of which may be a month's name, and perhaps with midnight behind.
    private static func isDate(_ id: String) -> Bool {
        guard id.utf8.count < 32 else { return false }
        var day = id.lowercased()
        if day.contains(":") { day.replace(/[ t]00:00(:00(\.0+)?)?$/, with: "") }
        let parts = day.split { "-./ ".contains($0) }.map(String.init)
        let numbers = parts.compactMap { $0.utf8.count <= 4 && $0.utf8.allSatisfy(isDigit) ? Int($0) : nil }
        let isNamed = parts.contains(where: monthNames.contains)
        guard numbers.count + (isNamed ? 1 : 0) == parts.count else { return false }
        func isYear(_ index: Int) -> Bool { parts[index].count == 4 && (1900...2100).contains(numbers[index]) }
        func isDayAndMonth(_ pair: some Collection<Int>) -> Bool {
            pair.allSatisfy { (1...31).contains($0) } && pair.contains { $0 <= 12 }
        }
        return switch (isNamed, parts.count) {
        case (true, 2...3): true
        case (false, 3): isYear(2) && isDayAndMonth(numbers[..<2]) || isYear(0) && isDayAndMonth(numbers[1...])
        default: false
        }
    }

    /// As spreadsheets shorten them in English, German, French, Spanish and Italian.
    private static let monthNames: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär", "mrz", "mai", "okt",
        "dez", "janv", "févr", "mars", "avr", "juin", "juil", "août", "sept", "déc", "ene", "abr", "ago", "dic", "gen",
        "mag", "giu", "lug", "set", "ott",
    ]
}
