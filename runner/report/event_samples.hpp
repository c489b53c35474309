#pragma once
// The samples of memory, load and progress that a supervisor writes to DIR/events.jsonl.

#include <filesystem>
#include <functional>

#include "runner/report/session_track.hpp"

namespace joust::report {

// Visits the lines with the event "sample", in the order of the file. A file that is not there, and
// lines that are torn, damaged or longer than a sample can be, are passed over: nothing rests on
// samples.
void for_each_sample(const std::filesystem::path& run_dir,
                     const std::function<void(const Sample&)>& visit);

}  // namespace joust::report
