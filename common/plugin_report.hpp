#pragma once
// What a process that looks at a plugin tells joust on descriptor 3, and not on standard output,
// which the plugin may print to: notes, each a kind, a text without NULs, and a NUL. The last one
// is `description`, `fault` or `passed`; when none of these comes, the plugin has ended the
// process.

namespace joust {

inline constexpr int kPluginReportFd = 3;

enum class PluginNote : char {
  stage = 's',        // what begins now: "its world was made", for "it crashed while ..."
  description = 'd',  // for decode_world_type()
  fault = 'f',        // the text of a PluginError
  passed = 'p',       // a world was made and destroyed
};

}  // namespace joust
