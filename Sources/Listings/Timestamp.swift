import FoundationEssentials

/// A moment in UTC as it is written everywhere: `2026-11-22T16:12:40.123Z`.
///
/// Milliseconds, always three digits, so that the order of the texts is the order of the moments.
///
/// Not Foundation's `Date.ISO8601FormatStyle`: of moments to the millisecond it writes more than half one millisecond
/// early, changes the calendar in 1582, and reads 30 February, 25 o'clock and whatever follows the text.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    private static let earliest = -62_167_219_200_000  // 0000-01-01
    private static let latest = 253_402_300_799_999  // 9999-12-31, the last moment with a year of four digits

    /// The nearest millisecond; dates outside the years 0 to 9999 become the nearest moment inside.
    public init(_ date: Date) {
        let rounded = (date.timeIntervalSince1970 * 1000).rounded()
        let bounded = rounded.isNaN ? 0 : min(max(rounded, Double(Self.earliest)), Double(Self.latest))
        milliseconds = Int64(bounded)
    }

    /// A moment in the form above; the time, or its milliseconds, may be missing (`2026-11-22`, `2026-11-22T16:12:40Z`).
    public init?(_ text: String) {
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = parts.first,
            let day = numbers(date, separators: ["-", "-"], digits: [4, 2, 2]), (1...12).contains(day[1]),
            (1...daysIn(month: day[1], year: day[0])).contains(day[2])
        else { return nil }
        var moment = daysSince1970(year: day[0], month: day[1], day: day[2]) * 86_400_000
        if parts.count == 2 {
            guard let time = millisecondsOfDay(parts[1]) else { return nil }
            moment += time
        }
        milliseconds = Int64(moment)
    }

    public var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// The first moment of its year.
    public var startOfYear: Timestamp { Timestamp(String(description.prefix(4)) + "-01-01") ?? self }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    public var description: String {
        let (days, time) = Int(milliseconds).quotientAndRemainder(flooring: 86_400_000)
        let (year, month, day) = civilDate(daysSince1970: days)
        let seconds = time / 1000
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T"
            + padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
            + "." + padded(time % 1000, 3) + "Z"
    }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Numbers of exactly so many digits, joined by `separators`; nil for any other text.
private func numbers(_ text: Substring, separators: [Character], digits: [Int]) -> [Int]? {
    var rest = text
    var found: [Int] = []
    for (index, count) in digits.enumerated() {
        if index > 0 {
            guard rest.first == separators[index - 1] else { return nil }
            rest.removeFirst()
        }
        let number = rest.prefix(count)
        guard number.utf8.count == count, number.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(number)
        else { return nil }
        found.append(value)
        rest = rest.dropFirst(count)
    }
    return rest.isEmpty ? found : nil
}

/// `16:12:40Z` or `16:12:40.123Z`.
private func millisecondsOfDay(_ text: Substring) -> Int? {
    guard text.last == "Z" else { return nil }
    let time = text.dropLast()
    let full = numbers(time, separators: [":", ":", "."], digits: [2, 2, 2, 3])
    guard let parts = full ?? numbers(time, separators: [":", ":"], digits: [2, 2, 2]),
        parts[0] < 24, parts[1] < 60, parts[2] < 60
    else { return nil }
    return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + (parts.count == 4 ? parts[3] : 0)
}

private func daysIn(month: Int, year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
}

// Both conversions: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". Years begin in March there, so that
// the leap day is the last of its year, and are counted in eras of 400 years, or 146,097 days.

private func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = shifted.quotientAndRemainder(flooring: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(flooring: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
}

extension Int {
    fileprivate func quotientAndRemainder(flooring divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
