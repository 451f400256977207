import Listings

/// A piece of a page. Texts that are interpolated are escaped; only this program's own literals come in as they are, so that
/// no name of a file, patient or class can become an element.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    let html: String

    init(stringLiteral literal: String) { html = literal }

    init(stringInterpolation interpolation: StringInterpolation) { html = interpolation.html }

    /// - Parameter html: made of pieces of markup.
    private init(html: String) { self.html = html }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity + 16) }

        mutating func appendLiteral(_ literal: String) { html += literal }

        mutating func appendInterpolation(_ text: String) { html += text.printable.escaped }

        mutating func appendInterpolation(_ number: some BinaryInteger) { html += String(number) }

        mutating func appendInterpolation(_ markup: Markup) { html += markup.html }

        mutating func appendInterpolation(_ pieces: [Markup]) {
            for piece in pieces { html += piece.html }
        }

        /// A coordinate of a drawing.
        mutating func appendInterpolation(_ coordinate: Double) { html += coordinate.fixed(2) }
    }

    static let empty: Markup = ""

    static func + (left: Markup, right: Markup) -> Markup { Markup(html: left.html + right.html) }
}

extension [Markup] {
    /// The pieces one after the other.
    func joined(by separator: Markup = .empty) -> Markup {
        guard let first else { return .empty }
        return dropFirst().reduce(first) { $0 + separator + $1 }
    }
}

extension String {
    /// For the text of an element and the value of an attribute in double quotes (HTML, "Serialising HTML fragments").
    fileprivate var escaped: String {
        guard utf8.contains(where: { "&<>\"'".utf8.contains($0) }) || unicodeScalars.contains(where: \.isNoCharacter)
        else { return self }
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case _ where scalar.isNoCharacter: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// What no page may hold (HTML, "noncharacter").
    fileprivate var isNoCharacter: Bool {
        (0xFDD0...0xFDEF).contains(value) || value & 0xFFFE == 0xFFFE
    }
}
