/// Which directory holds which plane of an OME image.
enum OMEPlanes {
    /// Samples, focal planes and times, in the order in which planes follow each other.
    struct Sizes: Sendable {
        var channels = 1
        var focalPlanes = 1
        var times = 1
        var order = "XYCZT"

        private static let most = 1_000_000

        init() {}

        init(_ pixels: [String: String]) {
            func size(_ name: String) -> Int {
                let size = pixels[name].flatMap { Int($0) } ?? 1
                return (1...Self.most).contains(size) ? size : 1
            }
            (channels, focalPlanes, times) = (size("SizeC"), size("SizeZ"), size("SizeT"))
            // Each axis once, or the numbers of planes would multiply without end.
            if let given = pixels["DimensionOrder"], given.filter({ "CZT".contains($0) }).sorted() == ["C", "T", "Z"] {
                order = given
            }
        }

        /// Directories that the image takes.
        ///
        /// - Parameter samples: of a pixel of them: so many channels lie in one plane.
        func planes(samples: Int) -> Int {
            let channels = samples > 1 && channels % samples == 0 ? channels / samples : channels
            return min(channels * min(focalPlanes * times, Self.most), Self.most)
        }
    }

    /// A run of planes in successive directories.
    struct Block: Sendable {
        var directory: Int?
        var plane = PlaneSeries.Plane()
        var count: Int?
        var isElsewhere = false

        init(_ attributes: [String: String]) {
            func number(_ name: String) -> Int? {
                attributes[name].flatMap { Int($0) }.flatMap { (0...1_000_000).contains($0) ? $0 : nil }
            }
            directory = number("IFD")
            plane = PlaneSeries.Plane(
                channel: number("FirstC") ?? 0, focalPlane: number("FirstZ") ?? 0, time: number("FirstT") ?? 0)
            count = number("PlaneCount")
        }
    }
}

extension OMEMetadata.Image {
    /// - Parameters:
    ///   - samples: of a pixel of the image's directories: so many channels lie in one plane.
    ///   - directories: how many the file has.
    func series(samples: Int, directories: Int) -> PlaneSeries {
        let count = sizes.channels % samples == 0 ? sizes.channels / samples : max(1, channels.count)
        var series = PlaneSeries(
            channels: channels.count == count
                ? channels : [PlaneSeries.Channel](repeating: PlaneSeries.Channel(), count: count),
            focalPlanes: sizes.focalPlanes, times: sizes.times)
        let axes = sizes.order.filter { "CZT".contains($0) }
        let lengths: [Character: Int] = ["C": count, "Z": sizes.focalPlanes, "T": sizes.times]
        let total = count * sizes.focalPlanes * sizes.times
        // Each plane has a directory of its own: more than these are not told of, however many blocks there are.
        var left = directories
        for block in blocks.isEmpty ? [OMEPlanes.Block([:])] : blocks where !block.isElsewhere && left > 0 {
            let first: [Character: Int] = [
                "C": block.plane.channel, "Z": block.plane.focalPlane, "T": block.plane.time,
            ]
            var (start, step) = (0, 1)
            for axis in axes {
                start += (first[axis] ?? 0) * step
                step *= lengths[axis] ?? 1
            }
            let planes = block.count ?? (block.directory == nil ? total : 1)
            let own = max(0, min(planes, total - start, left))
            left -= own
            for index in 0..<own {
                var rest = start + index
                var place: [Character: Int] = [:]
                for axis in axes {
                    place[axis] = rest % (lengths[axis] ?? 1)
                    rest /= lengths[axis] ?? 1
                }
                let plane = PlaneSeries.Plane(
                    channel: place["C"] ?? 0, focalPlane: place["Z"] ?? 0, time: place["T"] ?? 0)
                series.directories[plane] = (block.directory ?? 0) + index
            }
        }
        return series
    }
}
