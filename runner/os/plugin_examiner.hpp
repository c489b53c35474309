#pragma once
// Looks at plugins in processes of joust-plugin-worker: a plugin that crashes, hangs or ends its
// process there costs joust nothing, and nothing that it started is left behind.

#include <memory>

#include "common/plugin_examiner.hpp"

namespace joust::os {

// Use from the main thread only: the processes end with it. SIGINT, SIGTERM and SIGHUP end joust
// while a plugin is looked at, also where they are blocked.
std::unique_ptr<PluginExaminer> make_plugin_examiner();

}  // namespace joust::os
