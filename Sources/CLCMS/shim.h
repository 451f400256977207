#ifndef SCANREPORT_CLCMS_SHIM_H
#define SCANREPORT_CLCMS_SHIM_H

#include <lcms2.h>

// The formats of pixels are expressions of macros, which Swift cannot import.
static const cmsUInt32Number clcms_type_rgb_8 = TYPE_RGB_8;

#endif
