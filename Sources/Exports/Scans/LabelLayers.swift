import Imaging

/// Which regions go into which label image: a pixel of one holds one number.
///
/// Where no two overlap, that is one image. Otherwise (a network of several labels at once, or two pipelines), each label has its
/// own, and a second one for what overlaps within the label. In each, region `n` has the number that it would have in one image.
struct LabelLayers {
    /// What the image is called besides its scan, empty where it is the only one; and its regions, of which those of other
    /// images have no pixel.
    let images: [(name: String, regions: [RunLengths])]

    init(_ regions: [(label: String, pixels: RunLengths)]) {
        let overlaps = Self.overlaps(regions.map(\.pixels))
        guard !overlaps.isEmpty else {
            images = [("", regions.map(\.pixels))]
            return
        }
        var layers: [Int] = []
        var images: [(label: String, layer: Int, regions: [RunLengths])] = []
        for (index, region) in regions.enumerated() {
            let taken = Set((overlaps[index] ?? []).filter { regions[$0].label == region.label }.map { layers[$0] })
            let layer = (0...).first { !taken.contains($0) } ?? 0
            layers.append(layer)
            let place =
                images.firstIndex { $0.label == region.label && $0.layer == layer }
                ?? {
                    images.append((region.label, layer, regions.map { _ in RunLengths() }))
                    return images.count - 1
                }()
            images[place].regions[index] = region.pixels
        }
        var names: Set<String> = []
        self.images = images.map { image in
            let plain = String(image.label.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" }.prefix(40))
            // To some file systems, letters' case makes no name.
            let name = (1...).lazy.map { $0 == 1 ? plain : "\(plain)-\($0)" }.first {
                names.insert($0.lowercased()).inserted
            }
            return ("." + (name ?? plain), image.regions)
        }
    }

    /// For each region the earlier ones with which it shares a pixel; nothing for one that shares none.
    private static func overlaps(_ regions: [RunLengths]) -> [Int: Set<Int>] {
        var runs = regions.enumerated().flatMap { index, region in region.runs.map { (run: $0, index: index) } }
        runs.sort { ($0.run.row, $0.run.start) < ($1.run.row, $1.run.start) }
        var overlaps: [Int: Set<Int>] = [:]
        var open: [(run: PixelRun, index: Int)] = []
        for (run, index) in runs {
            open.removeAll { $0.run.row != run.row || $0.run.end <= run.start }
            for other in open where other.index != index {
                overlaps[max(index, other.index), default: []].insert(min(index, other.index))
            }
            open.append((run, index))
        }
        return overlaps
    }
}
