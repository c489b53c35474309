#pragma once
// Calls back when a descriptor becomes readable. The descriptor stays its owner's, who must destroy
// the watch first.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>

namespace joust::os {

class DescriptorWatch {
 public:
  // What the callback wants next. A callback that leaves the descriptor readable must pause, or the
  // main loop would never get out of its handlers.
  enum class Next { go_on, pause };

  DescriptorWatch(boost::asio::io_context& io, int fd, std::function<Next()> on_readable)
      : descriptor_(io, fd), on_readable_(std::move(on_readable)) {
    resume();
  }
  ~DescriptorWatch() {
    *alive_ = false;
    descriptor_.release();
  }
  DescriptorWatch(const DescriptorWatch&) = delete;
  DescriptorWatch& operator=(const DescriptorWatch&) = delete;

  // Watches again after a pause.
  void resume() {
    if (waiting_) return;
    waiting_ = true;
    // a completion may be queued already when the watch is destroyed: hence the token
    descriptor_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                           [this, alive = alive_](const boost::system::error_code& error) {
                             if (!*alive || error) return;
                             waiting_ = false;
                             if (on_readable_() == Next::go_on && *alive) resume();
                           });
  }

 private:
  boost::asio::posix::stream_descriptor descriptor_;
  std::function<Next()> on_readable_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool waiting_ = false;
};

}  // namespace joust::os
