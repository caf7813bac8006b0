console.log("kernel: nothing yet");
