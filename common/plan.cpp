#include "common/plan.hpp"
