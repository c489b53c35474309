#pragma once
// What joust itself keeps in run directories, so that nothing else is written over it.

#include <filesystem>

namespace joust::journal {

// Whether the path, through whatever links and "..", is one of the files that joust keeps in a run
// directory, any run's, or would be taken for one (run.db-wal). The HTML report is none of them: it
// can be made again at any time.
bool is_own_file(const std::filesystem::path& path);

}  // namespace joust::journal
