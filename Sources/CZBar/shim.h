#ifndef SCANREPORT_CZBAR_SHIM_H
#define SCANREPORT_CZBAR_SHIM_H

#include <zbar.h>

#endif
