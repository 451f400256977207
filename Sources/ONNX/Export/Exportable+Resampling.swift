import NeuralNetworks

extension Padding: Exportable {
    var since: Int { mode == .wrap ? 19 : ONNXModel.writtenOperatorSet }

    func attributes() -> [Onnx_AttributeProto] {
        switch mode {
        case .constant: [.string("mode", "constant")]
        case .reflect: [.string("mode", "reflect")]
        case .edge: [.string("mode", "edge")]
        case .wrap: [.string("mode", "wrap")]
        }
    }
}

extension Resize: Exportable {
    var since: Int {
        if coordinates == .halfPixelSymmetric { return 19 }
        return antialiases || aspectRatio != .stretch || axes != nil ? 18 : ONNXModel.writtenOperatorSet
    }

    func attributes() -> [Onnx_AttributeProto] {
        var attributes: [Onnx_AttributeProto] = [
            .string("coordinate_transformation_mode", coordinates.onnx),
            .flag("exclude_outside", excludesOutside),
        ]
        if case .cropAndResize(let extrapolation) = coordinates {
            attributes.append(.float("extrapolation_value", extrapolation))
        }
        switch interpolation {
        case .nearest(let rounding):
            attributes += [.string("mode", "nearest"), .string("nearest_mode", rounding.onnx)]
        case .linear: attributes.append(.string("mode", "linear"))
        case .cubic(let coefficient):
            attributes += [.string("mode", "cubic"), .float("cubic_coeff_a", coefficient)]
        }
        if antialiases { attributes.append(.flag("antialias", true)) }
        switch aspectRatio {
        case .stretch: break
        case .notLarger: attributes.append(.string("keep_aspect_ratio_policy", "not_larger"))
        case .notSmaller: attributes.append(.string("keep_aspect_ratio_policy", "not_smaller"))
        }
        if let axes { attributes.append(.integers("axes", axes)) }
        return attributes
    }
}

extension GridSample: Exportable {
    /// With version 20 came volumes, and the names of the interpolations changed.
    var since: Int { 20 }

    func attributes() -> [Onnx_AttributeProto] {
        let mode =
            switch interpolation {
            case .nearest: "nearest"
            case .linear: "linear"
            case .cubic: "cubic"
            }
        let padding =
            switch outside {
            case .zeros: "zeros"
            case .border: "border"
            case .reflection: "reflection"
            }
        return [.string("mode", mode), .string("padding_mode", padding), .flag("align_corners", alignsCorners)]
    }
}

extension AffineGrid: Exportable {
    var since: Int { 20 }

    func attributes() -> [Onnx_AttributeProto] { [.flag("align_corners", alignsCorners)] }
}

extension RegionAlignment: Exportable {
    func attributes() -> [Onnx_AttributeProto] {
        [
            .string("mode", pooling == .average ? "avg" : "max"),
            .string(
                "coordinate_transformation_mode", coordinates == .halfPixel ? "half_pixel" : "output_half_pixel"),
            .integer("output_height", height), .integer("output_width", width),
            .integer("sampling_ratio", samplesPerAxis ?? 0), .float("spatial_scale", spatialScale),
        ]
    }
}

extension Resize.Coordinates {
    fileprivate var onnx: String {
        switch self {
        case .halfPixel: "half_pixel"
        case .halfPixelSymmetric: "half_pixel_symmetric"
        case .pytorchHalfPixel: "pytorch_half_pixel"
        case .alignCorners: "align_corners"
        case .asymmetric: "asymmetric"
        case .cropAndResize: "tf_crop_and_resize"
        }
    }
}

extension Resize.NearestRounding {
    fileprivate var onnx: String {
        switch self {
        case .halfDown: "round_prefer_floor"
        case .halfUp: "round_prefer_ceil"
        case .floor: "floor"
        case .ceiling: "ceil"
        }
    }
}
