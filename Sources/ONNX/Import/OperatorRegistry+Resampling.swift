import NeuralNetworks

extension OperatorRegistry {
    /// Operators that compute an image's elements at other places.
    static let resampling: [Entry] = [
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
        Entry("GridSample", since: 16) { reader in
            GridSample(
                try reader.choice(
                    "mode", default: .linear,
                    [
                        "bilinear": .linear, "linear": .linear, "nearest": .nearest, "bicubic": .cubic,
                        "cubic": .cubic,
                    ]),
                outside: try reader.choice(
                    "padding_mode", default: .zeros,
                    ["zeros": .zeros, "border": .border, "reflection": .reflection]),
                alignsCorners: try reader.flag("align_corners", default: false))
        },
        Entry("AffineGrid", since: 20) { reader in
            AffineGrid(alignsCorners: try reader.flag("align_corners", default: false))
        },
        Entry("RoiAlign", since: 10) { reader in try reader.regionAlignment(.outputHalfPixel) },
        Entry("RoiAlign", since: 16) { reader in
            try reader.regionAlignment(
                try reader.choice(
                    "coordinate_transformation_mode", default: .halfPixel,
                    ["half_pixel": .halfPixel, "output_half_pixel": .outputHalfPixel]))
        },
    ]
}

extension NodeReader {
    fileprivate mutating func regionAlignment(
        _ coordinates: RegionAlignment.Coordinates
    ) throws(FormatProblem) -> RegionAlignment {
        let samples = try integer("sampling_ratio", default: 0)
        return RegionAlignment(
            try choice("mode", default: .average, ["avg": .average, "max": .maximum]), coordinates: coordinates,
            height: try integer("output_height", default: 1), width: try integer("output_width", default: 1),
            samplesPerAxis: samples == 0 ? nil : samples, spatialScale: try float("spatial_scale", default: 1))
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
