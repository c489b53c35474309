#pragma once
// The lock that joust processes on several machines see, where they share a file system. An flock()
// of a folder is known to one machine only there; a record lock (F_OFD_SETLK) of a file goes to the
// server. When a machine dies, the server drops its locks after a while, 90 seconds in general.

#include <filesystem>

#include "common/unique_fd.hpp"

namespace joust::journal {

// On a network file system: locks DIR/run.lock, which is made where it is not there; holds it as
// long as the descriptor is open. While another machine holds it, waits for up to two minutes, and
// says so on standard error. On other file systems: nothing; on one without such locks, too, with a
// warning. Throws LockedError when it is still held then, or a signal that ends joust is pending;
// and JournalError. `shown`: the folder's name in messages.
UniqueFd lock_for_all_machines(const std::filesystem::path& dir,
                               const std::filesystem::path& shown);

// Takes no lock itself.
bool is_locked_by_another_machine(const std::filesystem::path& dir);

}  // namespace joust::journal
