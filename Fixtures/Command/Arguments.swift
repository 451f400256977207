import ArgumentParser
import Fixtures

/// A number, or the lowest and the highest of a range: `224`, `224-320`.
struct CountRange: ExpressibleByArgument {
    let range: ClosedRange<Int>

    init(_ range: ClosedRange<Int>) {
        self.range = range
    }

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(parts.count), let low = parts[0], let high = parts[parts.count - 1], low > 0, low <= high
        else { return nil }
        range = low...high
    }

    var defaultValueDescription: String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
}

/// Width and height in pixels: `100000x80000`.
struct PixelSize: ExpressibleByArgument {
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
    }

    var defaultValueDescription: String { "\(width)x\(height)" }

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], (16...1_000_000).contains(width),
            (16...1_000_000).contains(height)
        else { return nil }
        (self.width, self.height) = (width, height)
    }
}

/// `all`, `lossless`, or names of flavours joined by commas.
struct FlavourList: ExpressibleByArgument {
    let flavours: [Flavour]

    init(_ flavours: [Flavour]) {
        self.flavours = flavours
    }

    init?(argument: String) {
        switch argument {
        case "all": flavours = Flavour.allCases
        case "lossless": flavours = Flavour.lossless
        default:
            let names = argument.split(separator: ",").map(String.init)
            flavours = names.compactMap(Flavour.init(rawValue:))
            guard !names.isEmpty, flavours.count == names.count else { return nil }
        }
    }

    var defaultValueDescription: String {
        flavours == Flavour.lossless ? "lossless" : flavours.map(\.rawValue).joined(separator: ",")
    }

    static let help = ArgumentHelp(
        "`all`, `lossless`, or some of: \(Flavour.allCases.map(\.rawValue).joined(separator: ", ")).",
        valueName: "names")
}

extension GlandClass: ExpressibleByArgument {}
extension LargeScan.Compression: ExpressibleByArgument {}

/// Micrometres per pixel.
struct SpacingOption: ParsableArguments {
    @Option(help: "Micrometres per pixel that the scan is drawn at.")
    var spacing = Scene.trainingSpacing

    func validate() throws {
        guard (0.05...4).contains(spacing) else {
            throw ValidationError("--spacing must lie between 0.05 and 4 micrometres per pixel")
        }
    }
}
