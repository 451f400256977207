@testable import Batch

/// What a walk finds; each walks anew.
extension ScanDiscovery {
    var scans: [DiscoveredScan] {
        var scans: [DiscoveredScan] = []
        _ = walk { scans.append($0) }
        return scans
    }

    var unreachable: [UnreachableInput] { walk { _ in }.unreachable }
    var leftOut: LeftOut { walk { _ in }.leftOut }
}
