console.log('sweepscope-sweep-panel: nothing to build yet, the panel does not exist in this version');
