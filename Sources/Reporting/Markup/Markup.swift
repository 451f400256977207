import Listings

/// A piece of a page. Texts that are interpolated are escaped; only this program's own literals come in as they are, so that
/// no name of a file, patient or class can become an element.
package struct Markup: ExpressibleByStringInterpolation, Sendable {
    package let html: String

    package init(stringLiteral literal: String) { html = literal }

    package init(stringInterpolation interpolation: StringInterpolation) { html = interpolation.html }

    /// - Parameter html: made of pieces of markup.
    private init(html: String) { self.html = html }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var html = ""

        package init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity + 16) }

        package mutating func appendLiteral(_ literal: String) { html += literal }

        package mutating func appendInterpolation(_ text: String) { html += text.printable.escaped }

        package mutating func appendInterpolation(_ number: some BinaryInteger) { html += String(number) }

        package mutating func appendInterpolation(_ markup: Markup) { html += markup.html }

        package mutating func appendInterpolation(_ pieces: [Markup]) {
            for piece in pieces { html += piece.html }
        }

        /// A coordinate of a drawing.
        package mutating func appendInterpolation(_ coordinate: Double) { html += coordinate.fixed(2) }
    }

    package static let empty: Markup = ""

    package static func + (left: Markup, right: Markup) -> Markup { Markup(html: left.html + right.html) }
}

extension [Markup] {
    /// The pieces one after the other.
    package func joined(by separator: Markup = .empty) -> Markup {
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
