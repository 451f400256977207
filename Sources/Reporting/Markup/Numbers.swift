import Listings

extension Double {
    /// With so many decimals, or as it is where it is too large for that.
    package func fixed(_ decimals: Int) -> String {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (self * scale).rounded()
        guard scaled.magnitude < 1e15 else { return description }
        let digits = String(Int(scaled.magnitude))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        return decimals == 0 ? sign + padded : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// With three digits that count, for measures of any size.
    package var brief: String {
        guard isFinite, self != 0 else { return "0" }
        switch magnitude {
        case 1_000...: return fixed(0).groupedByThousands
        case 100...: return fixed(0)
        case 10...: return fixed(1)
        case 1...: return fixed(2)
        case 0.001...: return fixed(3)
        default: return fixed(5)
        }
    }

    /// A share from 0 to 1, in words for people: 0.93 is `93 %`. Never 100 % of what is not all, nor 0 % of what is something.
    package var percent: String {
        if self > 0, self < 0.01 { return "< 1 %" }
        if self < 1, self > 0.99 { return "> 99 %" }
        return "\((self * 100).fixed(0)) %"
    }
}

extension BinaryInteger {
    /// `12 345`: groups by a space that no line breaks at.
    package var grouped: String { String(self).groupedByThousands }

    /// `1 scan`, `2 scans`.
    package func of(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}

extension String {
    fileprivate var groupedByThousands: String {
        let digits = drop { $0 == "-" }
        guard digits.count > 4 else { return self }
        var groups: [Substring] = []
        var rest = digits
        while rest.count > 3 {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return (hasPrefix("-") ? "-" : "") + ([rest] + groups).joined(separator: "\u{A0}")
    }
}

extension Timestamp {
    /// `2026-11-29`.
    package var day: String { String(description.prefix(10)) }

    /// `2026-11-29 01:30 UTC`.
    package var minute: String { "\(day) \(description.dropFirst(11).prefix(5)) UTC" }
}

extension Duration {
    /// `7 h 30 min`, `12 min`, `7 s`.
    package var words: String {
        let seconds = components.seconds
        if seconds >= 3_600 { return "\(seconds / 3_600) h \(seconds / 60 % 60) min" }
        if seconds >= 60 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds) s"
    }
}
