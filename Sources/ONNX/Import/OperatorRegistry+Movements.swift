import NeuralNetworks

extension OperatorRegistry {
    /// Operators that move, cut, join and resample.
    static let movements: [Entry] = [
        Entry("Concat") { reader in Concatenation(axis: try reader.integer("axis")) },
        Entry("Split") { reader in
            try reader.supply(try reader.integers("split"), asInput: 1)
            return Split(axis: try reader.integer("axis", default: 0), parts: reader.outputs.count)
        },
        Entry("Split", since: 13) { reader in
            Split(
                axis: try reader.integer("axis", default: 0),
                parts: try reader.integer("num_outputs", default: reader.outputs.count))
        },
        Entry("Transpose") { reader in Transpose(permutation: try reader.integers("perm")) },
        Entry("Expand", since: 8) { _ in Expansion() },
        Entry("Tile") { _ in Tile() },
        Entry("Slice") { reader in
            guard let starts = try reader.integers("starts") else { throw reader.missing("starts") }
            guard let ends = try reader.integers("ends") else { throw reader.missing("ends") }
            try reader.supply(starts, asInput: 1)
            try reader.supply(ends, asInput: 2)
            try reader.supply(try reader.integers("axes"), asInput: 3)
            return Slice()
        },
        Entry("Slice", since: 10) { _ in Slice() },
        Entry("Gather") { reader in Gather(axis: try reader.integer("axis", default: 0)) },
        Entry("GatherElements", since: 11) { reader in GatherElements(axis: try reader.integer("axis", default: 0)) },
        Entry("ScatterND", since: 11) { reader in
            ScatterND(
                try reader.choice(
                    "reduction", default: .replace,
                    ["none": .replace, "add": .add, "mul": .multiply, "max": .maximum, "min": .minimum]))
        },
        Entry("Pad") { reader in
            guard let pads = try reader.integers("pads") else { throw reader.missing("pads") }
            try reader.supply(pads, asInput: 1)
            try reader.supply(Tensor(shape: [], [try reader.float("value", default: 0)]), asInput: 2)
            return Padding(try reader.paddingMode())
        },
        Entry("Pad", since: 11) { reader in Padding(try reader.paddingMode()) },
        Entry("DepthToSpace") { reader in
            DepthToSpace(
                blockSize: try reader.integer("blocksize"),
                order: try reader.choice("mode", default: .blockFirst, ["DCR": .blockFirst, "CRD": .blockLast]))
        },
        Entry("SpaceToDepth") { reader in SpaceToDepth(blockSize: try reader.integer("blocksize")) },
        Entry("Upsample", since: 7) { reader in
            guard let scales = try reader.floats("scales") else { throw reader.missing("scales") }
            try reader.supply(scales, asInput: 2)
            return try reader.upsampling()
        },
        Entry("Upsample", since: 9) { reader in
            reader.insertOmittedInput(at: 1)
            return try reader.upsampling()
        },
        Entry("Resize", since: 10) { reader in
            reader.insertOmittedInput(at: 1)
            return try reader.upsampling()
        },
        Entry("Resize", since: 11) { reader in try reader.resize() },
    ]
}

extension NodeReader {
    fileprivate mutating func paddingMode() throws(FormatProblem) -> Padding.Mode {
        try choice(
            "mode", default: .constant,
            ["constant": .constant, "reflect": .reflect, "edge": .edge, "wrap": .wrap])
    }

    /// Upsample, and Resize before version 11.
    fileprivate mutating func upsampling() throws(FormatProblem) -> Resize {
        Resize(
            try choice("mode", default: .nearest(.floor), ["nearest": .nearest(.floor), "linear": .linear]),
            coordinates: .asymmetric)
    }

    fileprivate mutating func resize() throws(FormatProblem) -> Resize {
        let rounding: Resize.NearestRounding = try choice(
            "nearest_mode", default: .halfDown,
            [
                "round_prefer_floor": .halfDown, "round_prefer_ceil": .halfUp, "floor": .floor, "ceil": .ceiling,
            ])
        let coefficient = try float("cubic_coeff_a", default: -0.75)
        let extrapolation = try float("extrapolation_value", default: 0)
        return Resize(
            try choice(
                "mode", default: .nearest(rounding),
                ["nearest": .nearest(rounding), "linear": .linear, "cubic": .cubic(coefficient: coefficient)]),
            coordinates: try choice(
                "coordinate_transformation_mode", default: .halfPixel,
                [
                    "half_pixel": .halfPixel, "half_pixel_symmetric": .halfPixelSymmetric,
                    "pytorch_half_pixel": .pytorchHalfPixel, "align_corners": .alignCorners,
                    "asymmetric": .asymmetric, "tf_crop_and_resize": .cropAndResize(extrapolation: extrapolation),
                ]),
            aspectRatio: try choice(
                "keep_aspect_ratio_policy", default: .stretch,
                ["stretch": .stretch, "not_larger": .notLarger, "not_smaller": .notSmaller]),
            antialiases: try flag("antialias", default: false),
            excludesOutside: try flag("exclude_outside", default: false), axes: try integers("axes"))
    }
}
