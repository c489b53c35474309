#pragma once
// Making, locking and reading the folder of a submission (submission.hpp says what it holds).

#include <filesystem>
#include <vector>

#include "common/unique_fd.hpp"
#include "runner/cluster/picture.hpp"
#include "runner/cluster/scripts.hpp"
#include "runner/cluster/submission.hpp"
#include "runner/journal/run_directory.hpp"

namespace joust::cluster {

ScriptFacts script_facts(const Submission& submission, const std::filesystem::path& dir);

// Makes the folder with all that a job needs. It appears under its name only when it is complete.
// Throws JournalError when it exists or cannot be made.
void make_submission_folder(const std::filesystem::path& dir, const Submission& submission,
                            const journal::RunIdentity& identity);

// Held while a command changes the submission; the kernel drops it when the process ends. Throws
// ClusterError when another joust has it.
UniqueFd lock_submission(const std::filesystem::path& dir);

// What the files of all shards say, in the order of their numbers. What cannot be read counts as
// not there.
std::vector<ShardFacts> read_shards(const std::filesystem::path& dir, const Submission& submission);

// The whole picture, as it is now. Throws ClusterError when it is no submission.
Picture look_at_submission(const std::filesystem::path& dir);

}  // namespace joust::cluster
