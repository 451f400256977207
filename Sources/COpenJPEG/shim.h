#ifndef SCANREPORT_COPENJPEG_SHIM_H
#define SCANREPORT_COPENJPEG_SHIM_H

// The folder of this header carries OpenJPEG's version, so that its place comes from pkg-config.
#include <openjpeg.h>

#endif
